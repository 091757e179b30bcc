import { execFileSync } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test, vi } from "vitest";
import { isAlive } from "./postgres/orphan.js";
import { failToStart, type ServerProcess, spawnServer } from "./testing/process.js";
import { cleanFile, testDirectory, testServer } from "./testing/server.js";

// Each start loads the whole server from its sources, on machines that do other things as well.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 60_000 });

const servers: ServerProcess[] = [];
const directories: string[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) if (server.child.exitCode === null) await server.signal("SIGTERM");
  for (const directory of directories.splice(0))
    await rm(dirname(directory), { recursive: true, force: true });
});

async function fresh(): Promise<string> {
  const directory = await testDirectory();
  directories.push(directory);
  return directory;
}

async function start(directory: string, token?: string) {
  const server = await spawnServer(directory, token);
  servers.push(server);
  return server;
}

const upload = (server: ServerProcess, name: string, key: string) =>
  server.client.uploads.create(
    { name, files: [{ path: "model.safetensors", data: new Blob([new Uint8Array(cleanFile()), name]) }] },
    { idempotencyKey: key },
  );

async function postgresOf(directory: string): Promise<number> {
  const text = await readFile(join(directory, "postgres", "data", "postmaster.pid"), "utf8").catch(() => "0");
  return Number.parseInt(text, 10);
}

test("a second server on the same directory is refused, and the first one goes on", async () => {
  const directory = await fresh();
  const first = await start(directory);
  const second = await failToStart(directory);
  expect(second.stderr).toContain("directory-locked");
  expect(second.code).toBe(2);
  expect((await fetch(`${first.url}/readyz`)).status).toBe(200);
});

test("stopped gently, it leaves no process and no lock behind, and starts again", async () => {
  const directory = await fresh();
  const first = await start(directory);
  const postgres = await postgresOf(directory);
  expect(isAlive(postgres)).toBe(true);
  expect(await first.signal("SIGTERM")).toBe(0);
  expect(isAlive(postgres)).toBe(false);
  await start(directory, first.token);
});

test("killed in the middle of jobs, again and again: every accepted upload ends well, once, on a clean record", async () => {
  const directory = await fresh();
  const wanted = new Map<string, string>();
  let server = await start(directory);
  const { token } = server;
  for (let round = 0; round < 3; round++) {
    const names = Array.from({ length: 5 }, (_, at) => `model-${round}-${at}`);
    const sent = names.map(async (name) => {
      const job = await upload(server, name, `key-${name}`).catch(() => undefined);
      if (job) wanted.set(name, job.id);
    });
    await sleep(30 + round * 90);
    await server.signal("SIGKILL");
    await Promise.all(sent);
    server = await start(directory, token);
    for (const name of names) {
      const again = await upload(server, name, `key-${name}`);
      // What was acknowledged before the kill is the same job after it.
      expect(wanted.get(name) ?? again.id).toBe(again.id);
      wanted.set(name, again.id);
    }
  }
  for (const id of wanted.values()) {
    expect(await server.client.jobs.wait(id, { every: 30 })).toMatchObject({ state: "succeeded" });
  }
  const listed = (await server.client.versions.list({ limit: 200 })).items.map(({ name }) => name);
  expect(listed.sort()).toEqual([...wanted.keys()].sort());
  expect((await server.client.log.audit({ every: 30 })).problems).toEqual([]);
});

test("an orphaned PostgreSQL is stopped by the next start", async () => {
  const directory = await fresh();
  const first = await start(directory);
  const orphan = await postgresOf(directory);
  await first.signal("SIGKILL");
  expect(isAlive(orphan)).toBe(true);
  const next = await start(directory, first.token);
  expect(isAlive(orphan)).toBe(false);
  expect((await next.client.session.get()).principal).toBe("operator");
});

test("a directory of a later format is refused by name", async () => {
  const server = await testServer();
  await server.control.close();
  execFileSync("sh", ["-c", 'echo \'{"format":99}\' > "$0/FORMAT"', server.config.directory]);
  await expect(testServer({ directory: server.config.directory })).rejects.toMatchObject({
    code: "format-unsupported",
  });
  // Nothing was left running or locked by the failed start.
  expect(await postgresOf(server.config.directory)).toBe(0);
  await server.dispose().catch(() => undefined);
});

test("a port that is taken is said plainly", async () => {
  const server = await testServer();
  const port = Number(new URL(server.url).port);
  await expect(testServer({ port })).rejects.toMatchObject({
    code: "config-invalid",
    message: expect.stringContaining("another program uses that port"),
  });
  await server.dispose();
});

test("a clock behind the log is refused, and nothing is decided", async () => {
  const server = await testServer();
  await server.control.close();
  const { startControl } = await import("./start.js");
  const yesterday = () => Date.now() - 86_400_000;
  await expect(
    startControl(server.config, { clock: yesterday, destination: { write: () => undefined } }),
  ).rejects.toMatchObject({
    code: "clock-behind",
  });
  await server.dispose().catch(() => undefined);
});

test("the example tells its story", async () => {
  const server = await testServer({ example: true });
  for (let open = true; open; await sleep(50)) open = (await server.client.overview()).exampleJob !== null;
  const { admitted, refused, waiting } = await server.client.overview();
  expect(admitted.map(({ name, environments }) => [name, environments.toSorted()])).toEqual([
    ["credit-risk", ["production", "staging"]],
  ]);
  expect(waiting.map(({ name, decision }) => [name, decision?.approvers])).toEqual([
    ["credit-risk-torch", ["approver"]],
  ]);
  expect(refused.map(({ name, decision }) => [name, decision?.outcome]).toSorted()).toEqual([
    ["credit-risk-poisoned", "deny"],
    ["credit-risk-vendor", "deny"],
  ]);
  expect(refused[0]?.decision?.reasons[0]?.reason).toBeTruthy();
  const { items } = await server.client.assets.list();
  expect(
    items
      .filter(({ declared }) => !declared)
      .map(({ name }) => name)
      .toSorted(),
  ).toEqual(["credit-risk-poisoned", "credit-risk-vendor"]);
  expect(items.find(({ name }) => name === "credit-risk")).toMatchObject({ versions: 1, dangling: 0 });
  await server.dispose();
});
