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

test("neither is a model that would run code when loaded, once its registration found that", async () => {
  await mlflow.model("poisoned");
  const id = await mlflow.log({ "model.pkl": poisonedFile() });
  expect((await read(id, "model.pkl"))[0]).toBe(200);
  const made = await mlflow.register("poisoned", `models:/${id}`);
  expect(made.body.model_version.status).toBe("FAILED_REGISTRATION");
  expect(await read(id, "model.pkl")).toEqual([403, expect.stringContaining("run code")]);
  expect(await read(id, "other")).toEqual([404, expect.anything()]);
});
