import { execFileSync } from "node:child_process";
import { chmod, cp, mkdtemp, readFile, readlink, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterEach, expect, test } from "vitest";
import { removeCluster } from "../testing/database.js";
import { packagedBinaries } from "./binaries.js";
import type { Cluster } from "./cluster.js";
import { embeddedCluster } from "./embedded.js";
import { isAlive } from "./orphan.js";

const started: { cluster: Cluster; directory: string }[] = [];
afterEach(async () => {
  for (const { cluster } of started) await cluster.stop();
  for (const { cluster, directory } of started.splice(0))
    await removeCluster(directory, cluster.connection.host);
});

const lines: string[] = [];

async function start(directory: string): Promise<Cluster> {
  const note = (line: string) => void lines.push(line);
  const cluster = await embeddedCluster({ directory, binaries: "", info: note, warn: note });
  started.push({ cluster, directory });
  return cluster;
}

async function ask(cluster: Cluster, text: string): Promise<unknown> {
  const client = new pg.Client({ ...cluster.connection });
  await client.connect();
  const { rows } = await client.query(text);
  await client.end();
  return rows[0];
}

const directoryOf = () => mkdtemp(join(tmpdir(), "countersign-pg-"));

test("is durable, private, and asks for its password", async () => {
  const directory = await directoryOf();
  const cluster = await start(directory);
  expect(await ask(cluster, "show fsync")).toEqual({ fsync: "on" });
  expect(await ask(cluster, "show synchronous_commit")).toEqual({ synchronous_commit: "on" });
  expect(await ask(cluster, "show listen_addresses")).toEqual({ listen_addresses: "" });
  expect((await stat(join(directory, "postgres", "password"))).mode & 0o777).toBe(0o600);
  const stranger = new pg.Client({ ...cluster.connection, password: "guess" });
  await expect(stranger.connect()).rejects.toThrow(/password/);
});

test("keeps its rows over a restart", async () => {
  const directory = await directoryOf();
  const first = await start(directory);
  await ask(first, "create table kept as select 7 as n");
  await first.stop();
  expect(isAlive(first.pid)).toBe(false);
  expect(await ask(await start(directory), "select n from kept")).toEqual({ n: 7 });
});

test("an orphan is stopped, and what it had committed is there", async () => {
  const directory = await directoryOf();
  const orphan = await start(directory);
  await ask(orphan, "create table kept as select 8 as n");
  const next = await start(directory);
  expect(lines.join("\n")).toContain(String(orphan.pid));
  expect(isAlive(orphan.pid)).toBe(false);
  expect(await ask(next, "select n from kept")).toEqual({ n: 8 });
});

test("an orphan killed with -9 leaves a pid file that does not stop the next start", async () => {
  const directory = await directoryOf();
  const orphan = await start(directory);
  await ask(orphan, "create table kept as select 9 as n");
  process.kill(orphan.pid, "SIGKILL");
  expect(await ask(await start(directory), "select n from kept")).toEqual({ n: 9 });
});

test("a pid file that names a stranger does not end the stranger", async () => {
  const directory = await directoryOf();
  const cluster = await start(directory);
  const file = join(cluster.connection.host, "postmaster.pid");
  const text = await readFile(file, "utf8");
  await cluster.stop();
  await writeFile(file, text.replace(/^\d+/, String(process.pid)), { mode: 0o600 });
  expect(await ask(await start(directory), "select 1 as n")).toEqual({ n: 1 });
});

test("a cluster that initdb did not finish is made anew", async () => {
  const directory = await directoryOf();
  const cluster = await start(directory);
  await cluster.stop();
  execFileSync("rm", [join(directory, "postgres", "password")]);
  expect(await ask(await start(directory), "select 2 as n")).toEqual({ n: 2 });
});

test.runIf(process.getuid?.() === 0)(
  "root hands it to an account that exists, inside where that can pass",
  async () => {
    const directory = await directoryOf();
    await chmod(directory, 0o711);
    const cluster = await start(directory);
    expect(cluster.connection.host.startsWith(directory)).toBe(true);
    const owner = (await stat(`/proc/${cluster.pid}`)).uid;
    expect(owner).not.toBe(0);
    expect(lines.join("\n")).toMatch(/PostgreSQL runs as (postgres|nobody)/);
  },
);

test.runIf(process.getuid?.() === 0)(
  "root runs it from a copy when the installation is below a private directory",
  async () => {
    const place = await directoryOf();
    const installed = join(packagedBinaries().directory, "..");
    await cp(installed, join(place, "native"), { recursive: true, verbatimSymlinks: true });
    const quiet = () => undefined;
    const binaries = join(place, "native", "bin");
    const cluster = await embeddedCluster({
      directory: join(place, "data"),
      binaries,
      info: quiet,
      warn: quiet,
    });
    started.push({ cluster, directory: place });
    expect(await ask(cluster, "select 3 as n")).toEqual({ n: 3 });
    expect(await readlink(`/proc/${cluster.pid}/exe`)).toMatch(
      /^\/var\/lib\/countersign\/postgresql-[0-9a-f]{12}\/bin\/postgres$/,
    );
  },
);

test.runIf(process.getuid?.() === 0)(
  "a cluster outside whose data directory is gone is swept away",
  async () => {
    const [gone, kept] = [await directoryOf(), await directoryOf()];
    const orphan = await start(gone);
    expect(orphan.connection.host).toMatch(/^\/var\/lib/);
    await rm(gone, { recursive: true });
    await start(kept);
    expect(isAlive(orphan.pid)).toBe(false);
    await expect(stat(orphan.connection.host)).rejects.toMatchObject({ code: "ENOENT" });
  },
);
