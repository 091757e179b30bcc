import { afterAll, beforeAll, expect, test } from "vitest";
import { type MlflowCaller, mlflowCaller } from "../testing/mlflow.js";
import { type TestServer, testServer } from "../testing/server.js";

let server: TestServer;
let mlflow: MlflowCaller;
beforeAll(async () => {
  server = await testServer();
  mlflow = mlflowCaller(server.url, server.token);
});
afterAll(() => server.dispose());

const EXPERIMENT = { experiment_id: "0" };

test.each(["/api/2.0", "/api/3.0", "/ajax-api/2.0", "/ajax-api/3.0"])("answers below %s", async (root) => {
  const answer = await mlflowCaller(server.url, server.token, root).call(
    "/mlflow/experiments/get",
    EXPERIMENT,
  );
  expect(answer).toMatchObject({
    status: 200,
    body: { experiment: { experiment_id: "0", name: "Default" } },
  });
});

test("says what it is to those who ask first", async () => {
  const answer = await mlflowCaller(server.url, server.token, "/api/3.0").call("/mlflow/server-info");
  expect(answer.body.workspaces_enabled).toBe(false);
});

test("401 without a token, with a wrong one, and with a wrong password", async () => {
  const url = `${server.url}/api/2.0/mlflow/experiments/get?experiment_id=0`;
  const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;
  for (const authorization of [undefined, "Bearer x", basic("x:y"), basic("x"), "Basic ??"]) {
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
    const response = await fetch(url, { headers });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ error_code: "UNAUTHENTICATED" });
  }
  const headers = { authorization: basic(`anyone:${server.token}`) };
  expect((await fetch(url, { headers })).status).toBe(200);
});

test("403 to a token that may only read", async () => {
  const reader = mlflowCaller(server.url, await server.tokenFor("read"));
  expect((await reader.call("/mlflow/runs/search", { experiment_ids: ["0"] })).status).toBe(200);
  const answer = await reader.call("/mlflow/runs/create", EXPERIMENT);
  expect(answer).toMatchObject({ status: 403, body: { error_code: "PERMISSION_DENIED" } });
  expect(answer.body.message).toContain("scope write");
});

test("404 in MLflow's words for what it does not know", async () => {
  expect(await mlflow.call("/mlflow/traces/start", {})).toMatchObject({
    status: 404,
    body: { error_code: "ENDPOINT_NOT_FOUND" },
  });
  expect(await mlflow.call("/mlflow/experiments/get", { experiment_id: "77" })).toMatchObject({
    status: 404,
    body: { error_code: "RESOURCE_DOES_NOT_EXIST" },
  });
});

test("400 for a body that is none", async () => {
  const headers = { authorization: `Bearer ${server.token}`, "content-type": "application/json" };
  for (const body of ["{", "[]", "5", '"x"']) {
    const response = await fetch(`${server.url}/api/2.0/mlflow/runs/create`, {
      method: "POST",
      headers,
      body,
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error_code: "INVALID_PARAMETER_VALUE" });
  }
});

test("a web page of somebody else gets nothing", async () => {
  const headers = { authorization: `Bearer ${server.token}`, origin: "https://evil.example" };
  const response = await fetch(`${server.url}/api/2.0/mlflow/experiments/get?experiment_id=0`, { headers });
  expect([response.status, (await response.json()) as object]).toMatchObject([
    403,
    { error_code: "PERMISSION_DENIED" },
  ]);
});
