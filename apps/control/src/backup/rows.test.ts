import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { embeddedCluster } from "../postgres/embedded.js";
import { mlflowCaller } from "../testing/mlflow.js";
import { type TestServer, testDirectory, testServer } from "../testing/server.js";
import { backup } from "./backup.js";
import { restore } from "./restore.js";

let server: TestServer;
let place: string;
let run: string;
const clock = Date.now;
const TEXT = 'line\u2028separator, "quotes", back\\slash, é, \ttab';

beforeAll(async () => {
  server = await testServer();
  place = dirname(await testDirectory());
  const mlflow = mlflowCaller(server.url, server.token);
  await mlflow.call("/mlflow/experiments/create", { name: "kept" });
  run = await mlflow.run("kept run");
  const metrics = ["NaN", "-Infinity", 0.1, 1e308].map((value, step) => ({
    key: "m",
    value,
    timestamp: 1,
    step,
  }));
  await mlflow.call("/mlflow/runs/log-batch", { run_id: run, metrics, params: [{ key: "p", value: TEXT }] });
  await mlflow.put(`0/${run}/artifacts/a/b.txt`, "bytes that stay");
});
afterAll(async () => {
  await server.dispose();
  await rm(place, { recursive: true, force: true });
});

async function expectAll(again: TestServer): Promise<void> {
  const mlflow = mlflowCaller(again.url, again.token);
  const found = (await mlflow.call("/mlflow/runs/get", { run_id: run })).body.run;
  expect(found.info.run_name).toBe("kept run");
  expect(found.data.params).toEqual([{ key: "p", value: TEXT }]);
  const history = await mlflow.call("/mlflow/metrics/get-history", { run_id: run, metric_key: "m" });
  expect(history.body.metrics.map(({ value }: { value: unknown }) => value)).toEqual([
    "NaN",
    "-Infinity",
    0.1,
    1e308,
  ]);
  expect(await (await mlflow.get(`0/${run}/artifacts/a/b.txt`)).text()).toBe("bytes that stay");
  expect((await mlflow.call("/mlflow/experiments/create", { name: "next" })).body.experiment_id).toBe("2");
}

test("runs, metrics and artifacts of a server that works come back", async () => {
  const to = join(place, "live");
  const report = await backup({ directory: server.config.directory, to, keys: true, clock });
  expect(report.rows).toMatchObject({ experiments: 2, runs: 1, metrics: 4, artifacts: 1 });
  expect([report.rows.tokens, report.rows.entries, report.artifacts]).toEqual([undefined, undefined, 1]);
  const directory = join(place, "from-live", "data");
  await restore({ from: to, directory, clock });
  const again = await testServer({ directory });
  await expectAll(again);
  expect(await readdir(directory)).not.toContain("database");
  await again.control.close();
  const third = await testServer({ directory });
  await mlflowCaller(third.url, third.token).call("/mlflow/experiments/delete", { experiment_id: "1" });
  await third.control.close();

  // The same directory, now stopped: its database is started for the time being.
  const stopped = join(place, "stopped");
  const second = await backup({ directory, to: stopped, keys: true, clock });
  expect(second.rows).toMatchObject({ experiments: 3, runs: 1 });
  const fourth = await testServer({ directory });
  await fourth.dispose();
});

test("a restored directory that was never started is backed up as well", async () => {
  const [first, second] = [join(place, "one"), join(place, "two")];
  await backup({ directory: server.config.directory, to: first, keys: true, clock });
  const between = join(place, "between", "data");
  await restore({ from: first, directory: between, clock });
  const report = await backup({ directory: between, to: second, keys: true, clock });
  expect(report.rows.metrics).toBe(4);
  const directory = join(place, "twice", "data");
  await restore({ from: second, directory, clock });
  const again = await testServer({ directory });
  await expectAll(again);
  await again.dispose();
});

test.each(["database/metrics.jsonl", "artifact"])(
  "a backup whose %s was touched is refused",
  async (what) => {
    const to = join(place, `touched-${what.slice(0, 3)}`);
    await backup({ directory: server.config.directory, to, keys: true, clock });
    const [artifact = ""] = (await readdir(join(to, "artifacts"), { recursive: true })).filter(
      (name) => name.length > 60,
    );
    const file = join(to, what === "artifact" ? join("artifacts", artifact) : what);
    for (const spoil of [() => writeFile(file, `${"x"}${"y"}`), () => rm(file)]) {
      await spoil();
      const directory = join(place, "never", "data");
      await expect(restore({ from: to, directory, clock })).rejects.toMatchObject({
        code: "verification-failed",
      });
    }
  },
);

test("rows that the database holds already stay, and the restored ones are pointed at", async () => {
  const to = join(place, "occupied");
  await backup({ directory: server.config.directory, to, keys: true, clock });
  const directory = join(place, "held", "data");
  const own = await testServer({ directory });
  await mlflowCaller(own.url, own.token).run("newer");
  await own.control.close();
  const { cp } = await import("node:fs/promises");
  await cp(join(to, "database"), join(directory, "database"), { recursive: true });
  const again = await testServer({ directory });
  expect(again.lines.join("")).toContain("stay unread");
  expect((await again.client.runs.list()).items.map(({ name }) => name)).toEqual(["newer"]);
  expect(await readFile(join(directory, "database", "index.json"), "utf8")).toContain("metrics");
  await again.dispose();
});

test("a PostgreSQL of one's own is named, and one that nobody named is said to be missing", async () => {
  const directory = join(place, "outside", "data");
  const quiet = () => undefined;
  const cluster = await embeddedCluster({
    directory: join(place, "cluster"),
    binaries: "",
    info: quiet,
    warn: quiet,
  });
  const { user, password, host, port, database } = cluster.connection;
  const databaseUrl = `postgres://${user}:${password}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`;
  const own = await testServer({ directory, databaseUrl });
  await mlflowCaller(own.url, own.token).run("outside");
  const [named, unnamed] = [join(place, "named"), join(place, "unnamed")];
  expect((await backup({ directory, to: named, keys: true, databaseUrl, clock })).rows.runs).toBe(1);
  const without = await backup({ directory, to: unnamed, keys: true, clock });
  expect([without.rows, without.notKept.at(-1)]).toEqual([{}, expect.stringContaining("--database-url")]);
  await own.control.close();
  await cluster.stop();
  const restored = join(place, "inside", "data");
  await restore({ from: named, directory: restored, clock });
  const again = await testServer({ directory: restored });
  expect((await again.client.runs.list()).items.map(({ name }) => name)).toEqual(["outside"]);
  await again.dispose();
});
