import { afterAll, beforeAll, expect, test } from "vitest";
import { type MlflowCaller, mlflowCaller } from "../../testing/mlflow.js";
import { type TestServer, testServer } from "../../testing/server.js";

let server: TestServer;
let mlflow: MlflowCaller;
let experiment: string;
const SCORES = [3, 1, "NaN", 2, null, "Infinity"];

beforeAll(async () => {
  server = await testServer();
  mlflow = mlflowCaller(server.url, server.token);
  experiment = (await mlflow.call("/mlflow/experiments/create", { name: "search" })).body.experiment_id;
  for (const [i, score] of SCORES.entries()) {
    const body = { experiment_id: experiment, run_name: `r${i}`, start_time: i, user_id: "ann" };
    const run_id = (await mlflow.call("/mlflow/runs/create", body)).body.run.info.run_id;
    const metrics = score === null ? [] : [{ key: "score", value: score, timestamp: 1, step: 0 }];
    const params = [
      { key: "depth", value: `${i}` },
      ...(i === 2 ? [{ key: "back\\slash".replace("\\", "/"), value: "a\\b_c%" }] : []),
    ];
    await mlflow.call("/mlflow/runs/log-batch", {
      run_id,
      metrics,
      params,
      tags: [{ key: "odd", value: `${i % 2}` }],
    });
  }
});
afterAll(() => server.dispose());

async function search(
  filter: string,
  more: object = {},
): Promise<{ names: string[]; token?: string; body: { message?: string } }> {
  const { body } = await mlflow.call("/mlflow/runs/search", {
    experiment_ids: [experiment],
    filter,
    ...more,
  });
  const names = (body.runs ?? []).map((run: { info: { run_name: string } }) => run.info.run_name);
  return { names, token: body.next_page_token, body };
}

test.each([
  ["", "r5 r4 r3 r2 r1 r0"],
  ["metrics.score > 1", "r5 r3 r0"],
  ["metrics.score < 100", "r3 r1 r0"],
  ["metrics.score != 3", "r5 r3 r2 r1"],
  ["metrics.score >= 1e308", "r5"],
  ["params.depth = '3' and tags.odd = '1'", "r3"],
  ["params.depth != '3'", "r5 r4 r2 r1 r0"],
  ["params.nothing != '3'", ""],
  ["params.nothing IS NULL and tags.odd = '0'", "r4 r2 r0"],
  ["params.`back/slash` IS NOT NULL", "r2"],
  ["params.`back/slash` LIKE 'a\\b%'", "r2"],
  ["params.`back/slash` LIKE 'A%'", ""],
  ["params.`back/slash` ILIKE 'A\\B_C_'", "r2"],
  ["run_name LIKE 'r_' and start_time < 2", "r1 r0"],
  ["user_id = 'ann' and status = 'RUNNING' and end_time > 0", ""],
  ["run_id IN ('a', 'b')", ""],
  ["tags.odd = ''' or ''1''=''1'", ""],
])("%s", async (filter, expected) => {
  expect((await search(filter)).names.join(" ")).toBe(expected);
});

test.each([
  [["metrics.score DESC"], "r5 r0 r3 r1 r2 r4"],
  [["metrics.score ASC"], "r1 r3 r0 r5 r2 r4"],
  [["params.depth"], "r0 r1 r2 r3 r4 r5"],
  [["tags.odd DESC", "start_time ASC"], "r1 r3 r5 r0 r2 r4"],
])("order by %s: NaN after numbers, nothing last", async (order_by, expected) => {
  expect((await search("", { order_by })).names.join(" ")).toBe(expected);
});

test("pages follow one another, each run once", async () => {
  const names: string[] = [];
  for (let page_token: string | undefined = "", n = 0; page_token !== undefined && n < 9; n++) {
    const page = await search("", { max_results: 4, page_token });
    names.push(...page.names);
    page_token = page.token;
  }
  expect(names).toEqual(["r5", "r4", "r3", "r2", "r1", "r0"]);
  expect((await search("", { max_results: 50_001 })).body.message).toContain("50000");
});

test("experiments are found by name, tag and time", async () => {
  const find = async (body: object) =>
    (await mlflow.call("/mlflow/experiments/search", body)).body.experiments.map(
      ({ name }: { name: string }) => name,
    );
  await mlflow.call("/mlflow/experiments/set-experiment-tag", {
    experiment_id: experiment,
    key: "team",
    value: "x",
  });
  expect(await find({ filter: "tags.team = 'x'" })).toEqual(["search"]);
  expect(await find({ filter: "name ILIKE 'SEA%' and creation_time > 0" })).toEqual(["search"]);
  expect(await find({ order_by: ["name"] })).toEqual(["Default", "search"]);
  expect(await find({ view_type: "DELETED_ONLY" })).toEqual([]);
});

test("the console finds the same, and sees curves with their extremes", async () => {
  const { runs, experiments } = server.client;
  expect((await experiments.list({ query: "SEAR" })).items).toMatchObject([{ name: "search", runs: 6 }]);
  const query = { experiment, filter: "metrics.score > 0", order: "metrics.score DESC, start_time" };
  expect((await runs.list(query)).items.map(({ name }) => name)).toEqual(["r5", "r0", "r3", "r1"]);
  const first = await runs.list({ experiment, limit: 4 });
  const second = await runs.list({ experiment, limit: 4, cursor: first.nextCursor ?? "" });
  expect([first.items.length, second.items.length, second.nextCursor]).toEqual([4, 2, null]);
  await expect(runs.list({ filter: "nonsense" })).rejects.toMatchObject({ status: 400 });
  const run = first.items[0]?.id ?? "";
  for (let batch = 0; batch < 5; batch++) {
    const metrics = Array.from({ length: 1_000 }, (_, i) => {
      const step = batch * 1_000 + i;
      return {
        key: "val/loss",
        step,
        timestamp: step,
        value: step === 2_345 ? -77 : step === 4_000 ? "NaN" : Math.sin(step),
      };
    });
    await mlflow.call("/mlflow/runs/log-batch", { run_id: run, metrics });
  }
  const curve = await runs.metric(run, "val/loss");
  expect(curve.total).toBe(5_000);
  expect(curve.points.length).toBeLessThanOrEqual(1_000);
  expect(curve.points.some(({ value, step }) => value === -77 && step === 2_345)).toBe(true);
  expect([curve.points[0]?.step, curve.points.at(-1)?.step]).toEqual([0, 4_999]);
  const sample = await mlflow.call("/mlflow/metrics/get-history-bulk-interval", {
    run_ids: [run],
    metric_key: "val/loss",
    max_results: 20,
  });
  const steps = sample.body.metrics.map(({ step }: { step: number }) => step);
  expect([steps.length, steps[0], steps.at(-1)]).toEqual([20, 0, 4_999]);
  await expect(runs.get("x")).rejects.toMatchObject({ status: 404 });
});
