import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type MlflowCaller, mlflowCaller } from "../../testing/mlflow.js";
import { type TestServer, testServer } from "../../testing/server.js";

let server: TestServer;
let mlflow: MlflowCaller;
beforeAll(async () => {
  server = await testServer();
  mlflow = mlflowCaller(server.url, server.token);
});
afterAll(() => server.dispose());

const get = async (run: string) => (await mlflow.call("/mlflow/runs/get", { run_id: run })).body.run;
const point = (value: unknown, step: number, timestamp = 1_000 + step) => ({
  key: "loss",
  value,
  step,
  timestamp,
});

test("a run has a name, the client's time and a place for its files", async () => {
  const run = await get(await mlflow.run("first"));
  expect(run.info).toMatchObject({
    run_name: "first",
    status: "RUNNING",
    start_time: 1,
    lifecycle_stage: "active",
  });
  expect(run.info.artifact_uri).toBe(`mlflow-artifacts:/0/${run.info.run_id}/artifacts`);
  expect(run.info.run_uuid).toBe(run.info.run_id);
  const invented = await get(await mlflow.run());
  expect(invented.info.run_name).toMatch(/^\w+-\w+-\d+$/);
  expect(invented.data.tags).toEqual([{ key: "mlflow.runName", value: invented.info.run_name }]);
});

test("the newest value is by step, then by time; NaN and infinities come back as they were", async () => {
  const run = await mlflow.run();
  const metrics = [
    point(3, 2),
    point(9, 1, 9_999),
    point("NaN", 5),
    point("Infinity", 4),
    point("-Infinity", 3),
  ];
  await mlflow.call("/mlflow/runs/log-batch", { run_id: run, metrics });
  expect((await get(run)).data.metrics).toEqual([point("NaN", 5)]);
  await mlflow.call("/mlflow/runs/log-metric", { run_id: run, ...point(7, 5, 2_000) });
  expect((await get(run)).data.metrics).toEqual([point(7, 5, 2_000)]);
  await mlflow.call("/mlflow/runs/log-metric", { run_id: run, ...point(8, 1) });
  expect((await get(run)).data.metrics[0].value).toBe(7);
  const history = await mlflow.call("/mlflow/metrics/get-history", { run_id: run, metric_key: "loss" });
  expect(history.body.metrics.map(({ value }: { value: unknown }) => value)).toEqual([
    8,
    3,
    "-Infinity",
    "Infinity",
    "NaN",
    7,
    9,
  ]);
});

test("what is sent again after a lost answer is there once", async () => {
  const run = await mlflow.run();
  const batch = {
    run_id: run,
    metrics: [point(1, 1), point(1, 1), point("NaN", 2)],
    params: [{ key: "a", value: "1" }],
  };
  for (let i = 0; i < 2; i++) expect((await mlflow.call("/mlflow/runs/log-batch", batch)).status).toBe(200);
  const history = await mlflow.call("/mlflow/metrics/get-history", { run_id: run, metric_key: "loss" });
  expect(history.body.metrics).toHaveLength(2);
});

test("a parameter is said once; another value is refused with the whole batch", async () => {
  const run = await mlflow.run();
  await mlflow.call("/mlflow/runs/log-parameter", { run_id: run, key: "lr", value: "0.1" });
  const batch = {
    run_id: run,
    metrics: [point(1, 1)],
    params: [
      { key: "x", value: "1" },
      { key: "lr", value: "0.2" },
    ],
  };
  const refused = await mlflow.call("/mlflow/runs/log-batch", batch);
  expect(refused).toMatchObject({ status: 400, body: { error_code: "INVALID_PARAMETER_VALUE" } });
  expect(refused.body.message).toContain("Changing param values is not allowed");
  const { data } = await get(run);
  expect([data.params, data.metrics]).toEqual([[{ key: "lr", value: "0.1" }], []]);
});

test("many writers of one run do not wait for each other in a ring", async () => {
  const run = await mlflow.run();
  const keys = Array.from({ length: 40 }, (_, i) => `m${i}`);
  const write = async (n: number) => {
    const order = n % 2 ? keys : keys.toReversed();
    const metrics = order.map((key) => ({ key, value: n, timestamp: 1, step: n }));
    expect((await mlflow.call("/mlflow/runs/log-batch", { run_id: run, metrics })).status).toBe(200);
  };
  await Promise.all(Array.from({ length: 24 }, (_, n) => write(n)));
  const { data } = await get(run);
  expect(new Set(data.metrics.map(({ value }: { value: number }) => value))).toEqual(new Set([23]));
});

test("a deleted run takes nothing, and comes back whole", async () => {
  const run = await mlflow.run();
  await mlflow.call("/mlflow/runs/set-tag", { run_id: run, key: "a", value: "1" });
  await mlflow.call("/mlflow/runs/delete", { run_id: run });
  for (const [path, body] of [
    ["log-metric", point(1, 1)],
    ["set-tag", { key: "b", value: "1" }],
    ["log-inputs", { datasets: [] }],
    ["update", { status: "FINISHED" }],
    ["outputs", { models: [] }],
  ] as const) {
    const answer = await mlflow.call(`/mlflow/runs/${path}`, { run_id: run, ...body });
    expect([path, answer.status, answer.body.error_code]).toEqual([path, 400, "INVALID_PARAMETER_VALUE"]);
  }
  await mlflow.call("/mlflow/runs/restore", { run_id: run });
  expect((await get(run)).info.lifecycle_stage).toBe("active");
  expect((await mlflow.call("/mlflow/runs/delete-tag", { run_id: run, key: "a" })).status).toBe(200);
  expect((await mlflow.call("/mlflow/runs/delete-tag", { run_id: run, key: "a" })).status).toBe(404);
});

test("404 for a run that is not there, whatever is logged", async () => {
  const run_id = "f".repeat(32);
  for (const body of [{ metrics: [point(1, 1)] }, { params: [{ key: "a", value: "b" }] }, {}]) {
    expect((await mlflow.call("/mlflow/runs/log-batch", { run_id, ...body })).status).toBe(404);
  }
});

test("clocks that disagree are kept apart: the client's as data, the server's beside it", async () => {
  const run = (
    await mlflow.call("/mlflow/runs/create", { experiment_id: "0", start_time: 4_102_444_800_000 })
  ).body.run.info.run_id;
  await mlflow.call("/mlflow/runs/update", { run_id: run, status: "FINISHED", end_time: 5 });
  const detail = await server.client.runs.get(run);
  expect(detail).toMatchObject({
    status: "FINISHED",
    startedAt: 4_102_444_800_000,
    endedAt: 5,
    stale: false,
  });
  expect(Math.abs(detail.createdAt - Date.now())).toBeLessThan(60_000);
});

test("inputs and outputs of a run, with the train gate's say", async () => {
  const run = await mlflow.run();
  const dataset = { name: "d", digest: "abc", source_type: "local", source: "x", profile: "{}" };
  const tags = [{ key: "mlflow.data.context", value: "training" }];
  for (let i = 0; i < 2; i++) {
    const answer = await mlflow.call("/mlflow/runs/log-inputs", {
      run_id: run,
      datasets: [{ dataset, tags }],
      models: [{ model_id: "m-1" }],
    });
    expect(answer.status).toBe(200);
  }
  await mlflow.call("/mlflow/runs/outputs", { run_id: run, models: [{ model_id: "m-2", step: "3" }] });
  const { inputs, outputs } = await get(run);
  expect(inputs).toEqual({ dataset_inputs: [{ dataset, tags }], model_inputs: [{ model_id: "m-1" }] });
  expect(outputs).toEqual({ model_outputs: [{ model_id: "m-2", step: 3 }] });
  expect((await server.client.runs.get(run)).inputs).toMatchObject([{ name: "d", context: "training" }]);
});

test("a run that went silent is marked, and stays RUNNING to its client", async () => {
  const run = await mlflow.run();
  await server.database.query("update runs set touched_at = touched_at - 3700000 where id = $1", [run]);
  expect(await server.client.runs.get(run)).toMatchObject({ status: "RUNNING", stale: true });
});

test("models that old clients log stand in a tag, whatever stood there before", async () => {
  const run = await mlflow.run();
  await mlflow.call("/mlflow/runs/set-tag", { run_id: run, key: "mlflow.log-model.history", value: "{" });
  for (const name of ["a", "b"]) {
    const body = { run_id: run, model_json: JSON.stringify({ artifact_path: name }) };
    expect((await mlflow.call("/mlflow/runs/log-model", body)).status).toBe(200);
  }
  const tags: { key: string; value: string }[] = (await get(run)).data.tags;
  const history = tags.find(({ key }) => key === "mlflow.log-model.history")?.value ?? "";
  expect(JSON.parse(history)).toEqual([{ artifact_path: "a" }, { artifact_path: "b" }]);
  expect((await mlflow.call("/mlflow/runs/log-model", { run_id: run, model_json: "5" })).status).toBe(400);
  const long = { experiment_id: "0", run_name: "x".repeat(501) };
  expect((await mlflow.call("/mlflow/runs/create", long)).status).toBe(400);
});

test("texts that the database indexes are taken or refused for good, however long", async () => {
  const long = randomBytes(4_000).toString("hex");
  const run = await mlflow.run();
  const parent = { run_id: run, key: "mlflow.parentRunId", value: long };
  expect((await mlflow.call("/mlflow/runs/set-tag", parent)).status).toBe(200);
  await mlflow.call("/mlflow/registered-models/create", { name: "long" });
  const metric = { run_id: run, key: "a", value: 1, timestamp: 1 };
  for (const [path, body] of [
    ["model-versions/create", { name: "long", source: "s3://bucket/m", run_id: long }],
    ["logged-models", { experiment_id: "0", source_run_id: long }],
    ["runs/outputs", { run_id: run, models: [{ model_id: long, step: 0 }] }],
    ["runs/log-inputs", { run_id: run, models: [{ model_id: long }] }],
    ["runs/log-metric", { ...metric, model_id: long }],
    ["runs/log-metric", { ...metric, model_id: "m", dataset_name: long }],
  ] as const) {
    const { status, body: answer } = await mlflow.call(`/mlflow/${path}`, body);
    expect([path, status, answer.error_code]).toEqual([path, 400, "INVALID_PARAMETER_VALUE"]);
  }
});
