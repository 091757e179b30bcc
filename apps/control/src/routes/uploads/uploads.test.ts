import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { createClient, type Job } from "@countersign/api";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { admitted, api, cleanFile, poisonedFile, type TestServer, testServer } from "../../testing/server.js";

let server: TestServer;
beforeAll(async () => {
  server = await testServer({ uploadLimit: 100_000 });
});
afterAll(() => server.dispose());

const files = (path = "model.safetensors", bytes = cleanFile()) => [
  { path, data: new Blob([new Uint8Array(bytes)]) },
];

async function send(form: FormData, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${server.url}${api("/uploads")}`, {
    method: "POST",
    headers: { authorization: `Bearer ${server.token}`, ...headers },
    body: form,
  });
}

function form(parts: [string, string | Blob, string?][]): FormData {
  const made = new FormData();
  for (const [name, value, path] of parts) {
    if (typeof value === "string") made.append(name, value);
    else made.append(name, value, path);
  }
  return made;
}

const file = (path: string, bytes = "x"): [string, Blob, string] => ["file", new Blob([bytes]), path];
/** Files go right after their job has ended. */
const nothingStaged = () =>
  vi.waitFor(async () => expect(await readdir(join(server.config.directory, "uploads"))).toEqual([]), 30_000);

const code = async (answer: Response) => ((await answer.json()) as { code: string }).code;

test("202: the files become a job, the job a decision, and the bytes are dropped", async () => {
  const job = await server.client.uploads.create({ name: "clean", files: files() });
  expect(job).toMatchObject({ kind: "admit", title: "clean", state: "queued" });
  const done = await server.client.jobs.wait(job.id, { every: 20 });
  expect(done.result).toMatchObject({
    name: "clean",
    scan: { verdict: "clean" },
    signed: false,
    decision: { gate: "ingest" },
  });
  await nothingStaged();
});

test.each([
  ["no boundary", "multipart/form-data", "garbage"],
  ["another boundary", "multipart/form-data; boundary=x", "garbage"],
  [
    "an end inside a file",
    "multipart/form-data; boundary=x",
    '--x\r\ncontent-disposition: form-data; name="files"; filename="a"\r\n\r\nbytes',
  ],
  [
    "no end",
    "multipart/form-data; boundary=x",
    '--x\r\ncontent-disposition: form-data; name="name"\r\n\r\nclean\r\n',
  ],
])("400: a form with %s", async (_what, type, body) => {
  const answer = await fetch(`${server.url}${api("/uploads")}`, {
    method: "POST",
    headers: { authorization: `Bearer ${server.token}`, "content-type": type },
    body,
  });
  expect({ status: answer.status, code: await code(answer) }).toEqual({ status: 400, code: "bad-request" });
  await nothingStaged();
});

test("202: folders and names of any language stay as they are", async () => {
  const job = await server.client.uploads.create({
    name: "folders",
    files: [...files("config/größe 模型.json", Buffer.from("{}")), ...files("weights/a.safetensors")],
    licence: "MIT",
    origin: "here",
    tags: { team: "blue" },
  });
  await server.client.jobs.wait(job.id, { every: 20 });
  const version = await server.client.versions.get("folders");
  expect(version.manifest?.files.map(({ name }) => name)).toEqual([
    "config/größe 模型.json",
    "weights/a.safetensors",
  ]);
  expect(version.facts.declaration).toEqual({ licence: "MIT", origin: "here", tags: { team: "blue" } });
});

test("202: a malicious file ends as a refusal with a reason, not as a fault", async () => {
  expect((await admitted(server.client, "bad", { "model.pkl": poisonedFile() })).outcome).toBe("deny");
});

test("202: many posts with one key make one job", async () => {
  const create = () =>
    server.client.uploads.create({ name: "once", files: files() }, { idempotencyKey: "once-1" });
  const jobs = await Promise.all(Array.from({ length: 8 }, create));
  expect(new Set(jobs.map(({ id }) => id)).size).toBe(1);
  await server.client.jobs.wait(jobs[0]?.id ?? "");
  expect((await create()).id).toBe(jobs[0]?.id);
  const other = server.client.uploads.create({ name: "other", files: files() }, { idempotencyKey: "once-1" });
  await expect(other).rejects.toMatchObject({ code: "idempotency-conflict", status: 409 });
});

test.each(["../evil", "/etc/passwd", "a/../../evil", "a\\..\\evil", "a//b", "./a", ".", "a\u0000b"])(
  "422: a path that leads elsewhere is refused: %j",
  async (path) => {
    const answer = await send(form([["name", "m"], file(path)]));
    expect([400, 422]).toContain(answer.status);
  },
);

test("400: a file that stands twice, a field that is unknown, tags that are no object", async () => {
  expect(await code(await send(form([["name", "m"], file("a"), file("a")])))).toBe("bad-request");
  expect(await code(await send(form([["name", "m"], file("a"), file("a/b")])))).toBe("bad-request");
  expect(await code(await send(form([["name", "m"], ["colour", "red"], file("a")])))).toBe("bad-request");
  expect(await code(await send(form([["name", "m"], ["name", "n"], file("a")])))).toBe("bad-request");
  expect(await code(await send(form([["name", "m"], ["tags", "[1]"], file("a")])))).toBe("bad-request");
  expect(await code(await send(form([["name", "-x y"], file("a")])))).toBe("bad-request");
  expect(await code(await send(form([file("a")])))).toBe("bad-request");
});

test("422: an upload without a file", async () => {
  expect(await code(await send(form([["name", "m"]])))).toBe("manifest-empty");
});

test("413: more than the limit, and nothing of it stays", async () => {
  const answer = await send(
    form([["name", "m"], file("a", "x".repeat(60_000)), file("b", "x".repeat(60_000))]),
  );
  expect(answer.status).toBe(413);
  expect(await code(answer)).toBe("payload-too-large");
  await nothingStaged();
});

test("415: no multipart form", async () => {
  const answer = await fetch(`${server.url}${api("/uploads")}`, {
    method: "POST",
    headers: { authorization: `Bearer ${server.token}`, "content-type": "application/json" },
    body: "{}",
  });
  expect(answer.status).toBe(415);
});

test("400: a form that breaks off", async () => {
  const answer = await fetch(`${server.url}${api("/uploads")}`, {
    method: "POST",
    headers: { authorization: `Bearer ${server.token}`, "content-type": "multipart/form-data; boundary=x" },
    body: '--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nhalf',
  });
  expect(answer.status).toBe(400);
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
});

test("404: a key that the server does not hold", async () => {
  const create = server.client.uploads.create({ name: "m", files: files(), signAs: "nobody" });
  await expect(create).rejects.toMatchObject({ status: 404 });
});

test.each(["root", "log", "service", "approver"])("403: the key %s signs no models", async (signAs) => {
  const create = server.client.uploads.create({ name: "m", files: files(), signAs });
  await expect(create).rejects.toMatchObject({ code: "signer-not-allowed" });
});

test("403: a reader uploads nothing", async () => {
  const reader = createClient({ baseUrl: server.url, token: await server.tokenFor("read") });
  await expect(reader.uploads.create({ name: "m", files: files() })).rejects.toMatchObject({
    code: "forbidden",
  });
});

test("a job that waits is cancelled, and its files are dropped", async () => {
  const made: Job[] = [];
  for (const name of ["c1", "c2", "c3", "c4"])
    made.push(await server.client.uploads.create({ name, files: files() }));
  const last = made.at(-1)?.id ?? "";
  await server.client.jobs.cancel(last);
  const end = await server.client.jobs.wait(last, { every: 20 }).catch((error: unknown) => error);
  expect(["succeeded", "cancelled"]).toContain(
    (end as { state?: string; code?: string }).state ?? (end as { code: string }).code,
  );
  for (const { id } of made.slice(0, -1)) await server.client.jobs.wait(id, { every: 20 });
  await nothingStaged();
});
