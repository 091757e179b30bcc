import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type MlflowCaller, mlflowCaller } from "../../testing/mlflow.js";
import { type TestServer, testServer } from "../../testing/server.js";
import { ObjectFiles } from "./objects.js";
import { ArtifactStore } from "./store.js";

let server: TestServer;
let mlflow: MlflowCaller;
let run: string;
let root: string;
let store: ArtifactStore;
beforeAll(async () => {
  server = await testServer({ artifactLimit: 3_000_000 });
  mlflow = mlflowCaller(server.url, server.token);
  run = await mlflow.run();
  root = `0/${run}/artifacts`;
  const files = new ObjectFiles(join(server.config.directory, "artifacts"));
  const { pool } = server.control.database;
  store = new ArtifactStore({ workspace: "default", pool, clock: Date.now, files, limit: 1_000 });
});
afterAll(() => server.dispose());

const list = async (path: string) =>
  (await mlflow.call("/mlflow-artifacts/artifacts", { path })).body.files as {
    path: string;
    is_dir: boolean;
  }[];
const incoming = () => readdir(join(server.config.directory, "artifacts", "incoming"));

test("what was put is listed and comes back, whole and in ranges", async () => {
  const bytes = randomBytes(100_000);
  expect((await mlflow.put(`${root}/model/data/w%20%C3%BC.bin`, bytes)).status).toBe(200);
  await mlflow.put(`${root}/model/MLmodel`, "x: 1");
  expect(await list(root)).toEqual([{ path: "model", is_dir: true }]);
  expect(await list(`${root}/model`)).toEqual([
    { path: "MLmodel", is_dir: false, file_size: 4 },
    { path: "data", is_dir: true },
  ]);
  expect(await list(`${root}/model/MLmodel`)).toEqual([]);
  const whole = await mlflow.get(`${root}/model/data/w%20%C3%BC.bin`);
  expect(Buffer.from(await whole.arrayBuffer()).equals(bytes)).toBe(true);
  expect(whole.headers.get("content-disposition")).toMatch(/^attachment/);
  expect(whole.headers.get("content-type")).toBe("application/octet-stream");
  const part = await mlflow.get(`${root}/model/data/w%20%C3%BC.bin`, { range: "bytes=10-19" });
  expect([part.status, part.headers.get("content-range")]).toEqual([206, "bytes 10-19/100000"]);
  expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(10, 20))).toBe(true);
  const last = await mlflow.get(`${root}/model/MLmodel`, { range: "bytes=-2" });
  expect(await last.text()).toBe(" 1");
  expect((await mlflow.get(`${root}/model/MLmodel`, { range: "bytes=4-" })).status).toBe(416);
  const ofRun = await mlflow.call("/mlflow/artifacts/list", { run_id: run, path: "model" });
  expect(ofRun.body.files.map(({ path }: { path: string }) => path)).toEqual(["model/MLmodel", "model/data"]);
});

test("the same bytes are kept once, and go with their last name", async () => {
  const bytes = Buffer.from("kept once");
  const digest = createHash("sha256").update(bytes).digest("hex");
  const file = join(server.config.directory, "artifacts", "sha256", digest.slice(0, 2), digest.slice(2));
  await Promise.all(["a", "b", "c"].map((name) => mlflow.put(`${root}/same/${name}`, bytes)));
  for (const name of ["a", "b"])
    await mlflow.call(`/mlflow-artifacts/artifacts/${root}/same/${name}`, {}, "DELETE");
  expect(await readFile(file, "utf8")).toBe("kept once");
  await mlflow.call(`/mlflow-artifacts/artifacts/${root}/same`, {}, "DELETE");
  await expect(readFile(file)).rejects.toMatchObject({ code: "ENOENT" });
  expect((await mlflow.get(`${root}/same/c`)).status).toBe(404);
});

test.each([
  "..%2Fx",
  "%2e%2e/x",
  "a/%2e%2e/%2e%2e/%2e%2e/etc",
  "%2Fetc%2Fpasswd",
  "a%5c..%5cb",
  "a%00b",
  "%252e%252e%252fx",
  "C%3A%5Cx",
  `${"x".repeat(300)}`,
  "a//b",
])("400 for the path %s", async (path) => {
  for (const raw of [`${root}/${path}`]) {
    const answer = await rawPut(raw);
    expect([answer.status, answer.body]).toEqual([400, expect.stringContaining("INVALID_PARAMETER_VALUE")]);
  }
});

test("a file and a directory do not share a name", async () => {
  await mlflow.put(`${root}/tree/a`, "1");
  expect((await mlflow.put(`${root}/tree/a/b`, "1")).status).toBe(400);
  expect((await mlflow.put(`${root}/tree`, "1")).status).toBe(400);
  expect((await mlflow.put(root, "1")).status).toBe(400);
});

test("files of a run that nobody started are refused", async () => {
  expect((await mlflow.put(`0/${"f".repeat(32)}/artifacts/x`, "1")).status).toBe(404);
  expect((await mlflow.put(`0/models/m-${"f".repeat(32)}/artifacts/x`, "1")).status).toBe(404);
  expect((await mlflow.put("0/whatever/x", "1")).status).toBe(400);
});

test("too much is refused before it comes, and while it comes", async () => {
  const told = await mlflow.put(`${root}/big`, Buffer.alloc(3_000_001));
  expect([told.status, told.body.message]).toEqual([
    400,
    expect.stringContaining("COUNTERSIGN_ARTIFACT_LIMIT"),
  ]);
  const untold = await rawPut(`${root}/big`, Array(4).fill(Buffer.alloc(1_000_000)));
  expect(untold.status).toBe(400);
  expect([await list(`${root}/big`), await incoming()]).toEqual([[], []]);
});

test("an upload that breaks off leaves nothing", async () => {
  await new Promise<void>((resolve) => {
    const upload = start(`${root}/broken`, { "content-length": "1000000" });
    upload.on("error", () => resolve());
    upload.write(Buffer.alloc(500_000), () => setTimeout(() => upload.destroy(), 50));
  });
  await expect.poll(incoming, { timeout: 30_000 }).toEqual([]);
  expect((await mlflow.get(`${root}/broken`)).status).toBe(404);
});

test("a sealed root is read, and never written again", async () => {
  const sealed = await mlflow.run();
  await mlflow.put(`0/${sealed}/artifacts/m`, "1");
  await store.seal(sealed);
  for (const answer of [
    await mlflow.put(`0/${sealed}/artifacts/m`, "2"),
    await mlflow.put(`0/${sealed}/artifacts/other`, "2"),
    await mlflow.call(`/mlflow-artifacts/artifacts/0/${sealed}/artifacts/m`, {}, "DELETE"),
    await mlflow.call(`/mlflow-artifacts/mpu/create/0/${sealed}/artifacts`, { path: "m", num_parts: 1 }),
  ]) {
    expect([answer.status, answer.body.error_code]).toEqual([403, "PERMISSION_DENIED"]);
  }
  expect(await (await mlflow.get(`0/${sealed}/artifacts/m`)).text()).toBe("1");
});

test("a seal that comes while bytes are on their way wins", async () => {
  const racing = await mlflow.run();
  await store.put(racing, "first", Readable.from("1"));
  const slow = async function* () {
    yield Buffer.from("a");
    await store.seal(racing);
    yield Buffer.from("b");
  };
  await expect(store.put(racing, "x", Readable.from(slow()))).rejects.toThrow(/sealed/);
  expect((await store.files(racing)).map(({ path }) => path)).toEqual(["first"]);
});

test("bytes that were changed on the disk are not handed out as what they were", async () => {
  await mlflow.put(`${root}/honest`, "honest");
  const { digest } = (await store.find(run, "honest")) ?? { digest: "sha256:" as const };
  const hex = digest.slice(7);
  const file = join(server.config.directory, "artifacts", "sha256", hex.slice(0, 2), hex.slice(2));
  await rm(file);
  await writeFile(file, "forged");
  const small = await mlflow.get(`${root}/honest`);
  expect([small.status, await small.text()]).toEqual([
    500,
    expect.stringContaining("does not match its digest"),
  ]);
  await mlflow.put(`${root}/large`, Buffer.alloc(400_000));
  const large = (await store.find(run, "large"))?.digest.slice(7) ?? "";
  await rm(file);
  await writeFile(file, Buffer.alloc(400_000));
  expect((await mlflow.get(`${root}/honest`)).status).toBe(500);
  const other = join(server.config.directory, "artifacts", "sha256", large.slice(0, 2), large.slice(2));
  await rm(other);
  await writeFile(other, Buffer.alloc(400_000, 1));
  await expect(mlflow.get(`${root}/large`).then((response) => response.text())).rejects.toThrow();
});

test("a root is laid out as files for scanner and manifest", async () => {
  const directory = await mkdtemp(join(tmpdir(), "countersign-materialise-"));
  await mlflow.put(`${root}/layout/a/b.txt`, "b");
  await store.materialise(run, directory);
  expect(await readFile(join(directory, "layout/a/b.txt"), "utf8")).toBe("b");
  await rm(directory, { recursive: true });
});

test("an upload in parts is an artifact once it is complete, and goes on after mistakes", async () => {
  const path = `/mlflow-artifacts/mpu/create/${root}/parts`;
  const made = await mlflow.call(path, { path: "/home/me/w.bin", num_parts: 2 });
  const { upload_id, credentials } = made.body;
  const send = async (i: number, body: string, headers: Record<string, string>) =>
    fetch(credentials[i].url, { method: "PUT", body, headers });
  expect((await send(0, "x", {})).status).toBe(403);
  const tags = [];
  for (const [i, body] of ["first ", "broken", "second"].entries()) {
    const response = await send(Math.min(i, 1), body, credentials[Math.min(i, 1)].headers);
    tags.push(response.headers.get("etag"));
  }
  const complete = (parts: unknown) =>
    mlflow.call(`/mlflow-artifacts/mpu/complete/${root}/parts`, { path: "w.bin", upload_id, parts });
  expect((await complete([{ part_number: 1, etag: tags[0] }])).status).toBe(400);
  expect((await mlflow.get(`${root}/parts/w.bin`)).status).toBe(404);
  const all = [
    { part_number: 2, etag: tags[2] },
    { part_number: 1, etag: tags[0] },
  ];
  const answers = await Promise.all([complete(all), complete(all)]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  expect(await (await mlflow.get(`${root}/parts/w.bin`)).text()).toBe("first second");
  expect((await complete(all)).status).toBe(200);
  const elsewhere = { path: "v.bin", upload_id, parts: all };
  expect((await mlflow.call(`/mlflow-artifacts/mpu/complete/${root}/parts`, elsewhere)).status).toBe(404);
  expect((await send(0, "late", credentials[0].headers)).status).toBe(404);
});

function start(path: string, headers: Record<string, string> = {}): ReturnType<typeof request> {
  const { hostname, port } = new URL(server.url);
  const authorization = `Bearer ${server.token}`;
  const options = { hostname, port, method: "PUT", headers: { ...headers, authorization } };
  return request({ ...options, path: `/api/2.0/mlflow-artifacts/artifacts/${path}` });
}

/** Without the tidying up that `fetch` does to paths, and without a length. */
function rawPut(
  path: string,
  chunks: Buffer[] = [Buffer.from("x")],
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const upload = start(path).on("error", reject);
    upload.on("response", async (response) => {
      let body = "";
      for await (const chunk of response) body += String(chunk);
      resolve({ status: response.statusCode ?? 0, body });
    });
    for (const chunk of chunks) upload.write(chunk);
    upload.end();
  });
}
