import { manifestDigest, sha256 } from "@countersign/evidence";
import { afterAll, beforeAll, expect, test } from "vitest";
import { artifactOf, containedBy, type Lab, lab, newFile } from "../../testing/registry.js";
import { poisonedFile, type TestServer, testServer } from "../../testing/server.js";

let server: TestServer;
let mlflow: Lab;
beforeAll(async () => {
  server = await testServer();
  mlflow = lab(server);
});
afterAll(() => server.dispose());

const read = async (id: string, file: string): Promise<[number, string]> => {
  const response = await mlflow.get(`0/models/${id}/artifacts/${file}`);
  return [response.status, response.ok ? "" : ((await response.json()) as { message: string }).message];
};

test("a contained model is not handed out by the id of its logged model either, until that is lifted", async () => {
  await mlflow.model("contained");
  const id = await mlflow.log({ "model.safetensors": newFile() });
  const made = await mlflow.register("contained", `models:/${id}`);
  expect((await read(id, "model.safetensors"))[0]).toBe(200);
  const lift = await containedBy(server, artifactOf(made));
  expect(await read(id, "model.safetensors")).toEqual([403, expect.stringContaining("contained")]);
  const range = await mlflow.get(`0/models/${id}/artifacts/model.safetensors`, { range: "bytes=0-0" });
  expect(range.status).toBe(403);
  await lift();
  expect((await read(id, "model.safetensors"))[0]).toBe(200);
});

test("nor are the files of the run that it was registered from, unless they have become others", async () => {
  await mlflow.model("from-run");
  const run = await mlflow.run();
  const at = `0/${run}/artifacts`;
  const bytes = newFile();
  for (const path of ["model/model.safetensors", "model/data/MLmodel", "beside/model.safetensors"])
    await mlflow.put(`${at}/${path}`, path.endsWith("MLmodel") ? "x: 1" : bytes);
  const status = async (path: string) => (await mlflow.get(`${at}/${path}`)).status;
  const made = await mlflow.register("from-run", `runs:/${run}/model`);
  expect(await status("model/model.safetensors")).toBe(200);
  const lift = await containedBy(server, artifactOf(made));
  expect(await status("model/model.safetensors")).toBe(403);
  expect(await status("model/data/MLmodel")).toBe(403);
  expect(await status("beside/model.safetensors")).toBe(200);
  await mlflow.put(`${at}/model/data/MLmodel`, "x: 2");
  expect([await status("model/data/MLmodel"), await status("model/model.safetensors")]).toEqual([200, 403]);
  await lift();
  expect(await status("model/model.safetensors")).toBe(200);
  const single = await mlflow.register("from-run", `runs:/${run}/beside/model.safetensors`);
  await containedBy(server, artifactOf(single));
  expect(await status("beside/model.safetensors")).toBe(403);
  const root = await mlflow.run();
  await mlflow.put(`0/${root}/artifacts/whole.pkl`, poisonedFile());
  await mlflow.register("from-run", `mlflow-artifacts:/0/${root}/artifacts`);
  expect((await mlflow.get(`0/${root}/artifacts/whole.pkl`)).status).toBe(403);
});

test("nor is another logged model with the same bytes, which nobody registered", async () => {
  await mlflow.model("twice");
  const bytes = newFile();
  const [one, two] = [
    await mlflow.log({ "a.safetensors": bytes }),
    await mlflow.log({ "a.safetensors": bytes }),
  ];
  const made = await mlflow.register("twice", `models:/${one}`);
  expect((await read(two, "a.safetensors"))[0]).toBe(200);
  await containedBy(server, artifactOf(made));
  expect(await read(two, "a.safetensors")).toEqual([403, expect.stringContaining("contained")]);
});

test("what a finished run logged and nobody registered is handed out, until it is contained", async () => {
  const run = await mlflow.run();
  const bytes = newFile();
  const id = await mlflow.log({ "model.safetensors": bytes }, run);
  await mlflow.call("/mlflow/runs/outputs", { run_id: run, models: [{ model_id: id, step: 0 }] });
  const { size } = server.control.workspace;
  await mlflow.call("/mlflow/runs/update", { run_id: run, status: "FINISHED" });
  await expect.poll(() => server.control.workspace.size, { timeout: 15_000 }).toBeGreaterThan(size);
  expect(await read(id, "model.safetensors")).toEqual([200, ""]);
  const file = { name: "model.safetensors", digest: sha256(bytes), size: bytes.length };
  await containedBy(server, manifestDigest({ files: [file] }));
  expect(await read(id, "model.safetensors")).toEqual([403, expect.stringContaining("contained")]);
});

test("neither is a model that would run code when loaded, once its registration found that", async () => {
  await mlflow.model("poisoned");
  const id = await mlflow.log({ "model.pkl": poisonedFile() });
  expect((await read(id, "model.pkl"))[0]).toBe(200);
  const made = await mlflow.register("poisoned", `models:/${id}`);
  expect(made.body.model_version.status).toBe("FAILED_REGISTRATION");
  expect(await read(id, "model.pkl")).toEqual([403, expect.stringContaining("run code")]);
  expect(await read(id, "other")).toEqual([404, expect.anything()]);
});
