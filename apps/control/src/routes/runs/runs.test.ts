import { createClient } from "@countersign/api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type MlflowCaller, mlflowCaller } from "../../testing/mlflow.js";
import { type TestServer, testServer } from "../../testing/server.js";

let server: TestServer;
let mlflow: MlflowCaller;
let run: string;
beforeAll(async () => {
  server = await testServer();
  mlflow = mlflowCaller(server.url, server.token);
  run = await mlflow.run("parent");
  const metrics = [1, "NaN", "Infinity"].map((value, step) => ({ key: "a/b", value, timestamp: step, step }));
  await mlflow.call("/mlflow/runs/log-batch", {
    run_id: run,
    metrics,
    params: [{ key: "lr", value: "0.1" }],
  });
  await mlflow.put(`0/${run}/artifacts/model/MLmodel`, "x");
  const tags = [{ key: "mlflow.parentRunId", value: run }];
  await mlflow.call("/mlflow/runs/create", { experiment_id: "0", run_name: "child", tags });
});
afterAll(() => server.dispose());

test("200: one run, with what it logged and whom it started", async () => {
  const found = await server.client.runs.get(run);
  expect(found).toMatchObject({
    name: "parent",
    experiment: "0",
    experimentName: "Default",
    principal: "operator",
    parameters: { lr: "0.1" },
    metrics: { "a/b": { value: "Infinity", step: 2 } },
  });
  expect(found.children).toHaveLength(1);
});

test("200: a curve says what is no number, and is empty for a metric that was never logged", async () => {
  const curve = await server.client.runs.metric(run, "a/b");
  expect(curve).toMatchObject({ total: 3, points: [{ value: 1 }, { value: "NaN" }, { value: "Infinity" }] });
  expect(await server.client.runs.metric(run, "other")).toMatchObject({ total: 0, points: [] });
});

test("200: files, directory by directory", async () => {
  expect((await server.client.runs.artifacts(run)).items).toMatchObject([{ path: "model", directory: true }]);
  const { items } = await server.client.runs.artifacts(run, { path: "model" });
  expect(items).toMatchObject([{ path: "model/MLmodel", directory: false, size: 1 }]);
  expect(items[0]?.digest).toMatch(/^sha256:/);
});

test("400: a filter, an order, a cursor or a path that is none", async () => {
  const { runs } = server.client;
  for (const query of [{ filter: "x y" }, { order: "metrics.a sideways" }, { cursor: "x" }]) {
    await expect(runs.list(query)).rejects.toMatchObject({ status: 400 });
  }
  await expect(runs.artifacts(run, { path: "../.." })).rejects.toMatchObject({ status: 400 });
});

test("401 and 404: nobody, and nothing", async () => {
  const stranger = createClient({ baseUrl: server.url });
  await expect(stranger.runs.list()).rejects.toMatchObject({ status: 401 });
  await expect(stranger.experiments.list()).rejects.toMatchObject({ status: 401 });
  const { runs } = server.client;
  for (const call of [() => runs.get("none"), () => runs.metric("none", "a"), () => runs.artifacts("none")]) {
    await expect(call()).rejects.toMatchObject({ status: 404 });
  }
});
