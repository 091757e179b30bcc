import { existsSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type MlflowCaller, mlflowCaller } from "../testing/mlflow.js";
import { type TestServer, testServer } from "../testing/server.js";

// What recorded conversations of MLflow clients called; the file stands beside this repository.
const LIST = new URL("../../../../../shared/data/mlflow/endpoints-used-by-client.txt", import.meta.url);
const there = existsSync(LIST);
if (!there) console.warn("shared/data/mlflow is not here: the recorded calls of clients are not looked up");
const calls = there
  ? readFileSync(LIST, "utf8")
      .trim()
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
  : [];

let server: TestServer;
let mlflow: MlflowCaller;
beforeAll(async () => {
  server = await testServer();
  mlflow = mlflowCaller(server.url, server.token, "");
});
afterAll(() => server.dispose());

describe.skipIf(!there)("every call that clients were seen to make has an answer", () => {
  test.each(calls)("%s %s %s", async (_count = "", method = "", path = "") => {
    const known = method === "GET" && path.endsWith("/webhooks") ? [200] : [200, 400, 403, 404];
    const filled = path
      .replace("{id}", `m-${"0".repeat(32)}`)
      .replace("{path}", `0/${"0".repeat(32)}/artifacts/x`);
    const { status, body } = await mlflow.call(filled, {}, method);
    expect(known).toContain(status);
    // Webhooks cannot be made here, and clients are told so.
    if (!path.endsWith("/webhooks")) expect(body.error_code).not.toBe("ENDPOINT_NOT_FOUND");
  });
});

test("the calls for experiments, one after the other", async () => {
  const call = (path: string, body: object) =>
    mlflowCaller(server.url, server.token).call(`/mlflow/experiments/${path}`, body);
  const { experiment_id } = (await call("create", { name: "one", tags: [{ key: "a", value: "1" }] })).body;
  expect((await call("get-by-name", { experiment_name: "one" })).body.experiment).toMatchObject({
    experiment_id,
    artifact_location: `mlflow-artifacts:/${experiment_id}`,
    tags: [{ key: "a", value: "1" }],
  });
  expect((await call("get-by-name", { experiment_name: "two" })).body.error_code).toBe(
    "RESOURCE_DOES_NOT_EXIST",
  );
  expect((await call("create", { name: "one" })).body.error_code).toBe("RESOURCE_ALREADY_EXISTS");
  const many = await Promise.all(Array.from({ length: 8 }, () => call("create", { name: "raced" })));
  expect(many.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400, 400, 400, 400, 400]);
  expect((await call("update", { experiment_id, new_name: "raced" })).body.error_code).toBe(
    "RESOURCE_ALREADY_EXISTS",
  );
  expect((await call("create", { name: "" })).body.error_code).toBe("INVALID_PARAMETER_VALUE");
  expect((await call("create", { name: "x", artifact_location: "mlflow-artifacts:/../.." })).status).toBe(
    400,
  );
  await call("update", { experiment_id, new_name: "uno" });
  await call("delete-experiment-tag", { experiment_id, key: "a" });
  expect((await call("delete-experiment-tag", { experiment_id, key: "a" })).status).toBe(404);
  const run = (await mlflowCaller(server.url, server.token).call("/mlflow/runs/create", { experiment_id }))
    .body.run;
  await call("delete", { experiment_id });
  expect((await call("get", { experiment_id })).body.experiment).toMatchObject({
    name: "uno",
    lifecycle_stage: "deleted",
  });
  expect((await server.client.runs.get(run.info.run_id)).stage).toBe("deleted");
  expect((await call("set-experiment-tag", { experiment_id, key: "b", value: "1" })).status).toBe(400);
  expect((await call("delete", { experiment_id })).status).toBe(404);
  await call("restore", { experiment_id });
  expect((await server.client.runs.get(run.info.run_id)).stage).toBe("active");
});
