import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type MlflowCaller, mlflowCaller } from "../testing/mlflow.js";
import { type ServerProcess, spawnServer } from "../testing/process.js";
import { testDirectory } from "../testing/server.js";

/** More of them find rarer moments: COUNTERSIGN_CRASH_ROUNDS=50 takes a few minutes. */
const ROUNDS = Number(process.env.COUNTERSIGN_CRASH_ROUNDS ?? 3);
const WRITERS = 6;
const BATCH = 25;

/** What a client was told is there. */
interface Acknowledged {
  run: string;
  ended: boolean;
  steps: Set<number>;
  parameters: Map<string, string>;
  artifacts: Map<string, Buffer>;
}

let directory: string;
let server: ServerProcess & { token: string };
beforeAll(async () => {
  directory = await testDirectory();
  server = await spawnServer(directory);
});
afterAll(async () => {
  await server.signal("SIGTERM");
  await rm(dirname(directory), { recursive: true, force: true });
});

test(`kill -9 while ${WRITERS} clients log, ${ROUNDS} times: nothing acknowledged is lost`, {
  timeout: 60_000 + ROUNDS * 30_000,
}, async () => {
  const all: Acknowledged[] = [];
  const { token } = server;
  for (let round = 0; round < ROUNDS; round++) {
    const mlflow = mlflowCaller(server.url, token);
    const written = Array.from({ length: WRITERS }, () => write(mlflow, all));
    await sleep(150 + Math.random() * 1_500);
    await server.signal("SIGKILL");
    await Promise.all(written);
    server = await spawnServer(directory, token);
    await verify(mlflowCaller(server.url, token), all);
  }
  const values = all.reduce((sum, { steps }) => sum + steps.size, 0);
  const files = all.reduce((sum, { artifacts }) => sum + artifacts.size, 0);
  console.log(
    `acknowledged and found: ${all.length} runs, ${values} metric values, ${files} artifacts, ${ROUNDS} kills`,
  );
  expect(values).toBeGreaterThan(0);
  expect(files).toBeGreaterThan(0);
});

/** Logs until the server is gone. What has no answer may be there or not. */
async function write(mlflow: MlflowCaller, all: Acknowledged[]): Promise<void> {
  try {
    for (;;) {
      const run = await mlflow.run();
      const known: Acknowledged = {
        run,
        ended: false,
        steps: new Set(),
        parameters: new Map(),
        artifacts: new Map(),
      };
      all.push(known);
      for (let i = 0; i < 8; i++) await logOnce(mlflow, known, i);
      const { status } = await mlflow.call("/mlflow/runs/update", {
        run_id: run,
        status: "FINISHED",
        end_time: 9,
      });
      known.ended = status === 200;
    }
  } catch {
    // The connection broke: the server was killed.
  }
}

async function logOnce(mlflow: MlflowCaller, known: Acknowledged, i: number): Promise<void> {
  const steps = Array.from({ length: BATCH }, (_, n) => i * BATCH + n);
  const metrics = steps.map((step) => ({ key: "loss", value: step / 2, timestamp: step, step }));
  const params = [{ key: `p${i}`, value: String(Math.random()) }];
  const batch = await mlflow.call("/mlflow/runs/log-batch", {
    run_id: known.run,
    metrics,
    ...(i % 2 ? { params } : {}),
  });
  if (batch.status !== 200) return;
  for (const step of steps) known.steps.add(step);
  if (i % 2) for (const { key, value } of params) known.parameters.set(key, value);
  const bytes = randomBytes(1 + Math.floor(Math.random() * 200_000));
  const put = await mlflow.put(`0/${known.run}/artifacts/dir/f${i}.bin`, bytes);
  if (put.status === 200) known.artifacts.set(`dir/f${i}.bin`, bytes);
}

async function verify(mlflow: MlflowCaller, all: readonly Acknowledged[]): Promise<void> {
  for (const { run, ended, steps, parameters, artifacts } of all) {
    const { status, body } = await mlflow.call("/mlflow/runs/get", { run_id: run });
    expect(status, `run ${run}`).toBe(200);
    if (ended) expect(body.run.info.status).toBe("FINISHED");
    const params = new Map(
      body.run.data.params.map(({ key, value }: Record<string, string>) => [key, value]),
    );
    for (const [key, value] of parameters) expect(params.get(key), `${run} ${key}`).toBe(value);
    const history = await mlflow.call("/mlflow/metrics/get-history", { run_id: run, metric_key: "loss" });
    const found = new Set(history.body.metrics.map(({ step }: { step: number }) => step));
    expect(
      [...steps].filter((step) => !found.has(step)),
      `${run} loss`,
    ).toEqual([]);
    for (const [path, bytes] of artifacts) {
      const answer = await mlflow.get(`0/${run}/artifacts/${path}`);
      expect(Buffer.from(await answer.arrayBuffer()).equals(bytes), `${run} ${path}`).toBe(true);
    }
  }
}
