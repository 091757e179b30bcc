import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chown, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { platform, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CountersignError } from "@countersign/evidence";
import type { Account } from "./account.js";
import { stopOrphan } from "./orphan.js";
import type { Place } from "./place.js";

export interface Connection {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
}

export interface Cluster {
  connection: Connection;
  pid: number;
  stop(): Promise<void>;
}

export const CLUSTER_USER = "countersign";
/** `sun_path` holds 108 bytes; a longer path falls back to the loopback interface. */
const SOCKET_PATH_MAX = 90;

/** Little memory: the cluster serves one process. Nothing that durability rests on is relaxed. */
const SETTINGS = {
  shared_buffers: "24MB",
  max_connections: "20",
  jit: "off",
  work_mem: "2MB",
  maintenance_work_mem: "16MB",
  max_parallel_workers: "0",
  max_worker_processes: "1",
  max_logical_replication_workers: "0",
  autovacuum_max_workers: "1",
  autovacuum_naptime: "60s",
  max_wal_senders: "0",
  wal_level: "minimal",
  max_wal_size: "256MB",
  min_wal_size: "32MB",
  log_min_messages: "warning",
  password_encryption: "scram-sha-256",
} as const;

export async function startCluster(place: Place, warn: (line: string) => void): Promise<Cluster> {
  await stopOrphan(place.data, warn);
  const password = await initialise(place);
  const socket = platform() !== "win32" && place.data.length <= SOCKET_PATH_MAX;
  const port = socket ? 5432 : await freePort();
  const child = await launchAlone(place, socket, port);
  const connection = {
    host: socket ? place.data : "127.0.0.1",
    port,
    user: CLUSTER_USER,
    password,
    database: "postgres",
  };
  return { connection, pid: child.pid ?? 0, stop: () => stopChild(child) };
}

const STILL_THERE = /shared memory block .* is still in use|another server might be running/;
const TRIES = 50;

/** Backends of a postmaster that was killed need a moment to notice; PostgreSQL refuses to start beside them. */
async function launchAlone(place: Place, socket: boolean, port: number): Promise<ChildProcess> {
  for (let left = TRIES; ; left--) {
    const child = await launch(place, socket, port);
    try {
      await ready(child, place.data);
      return child;
    } catch (error) {
      if (left === 0 || !STILL_THERE.test((error as Error).message)) throw error;
      await sleep(100);
    }
  }
}

async function launch(place: Place, socket: boolean, port: number): Promise<ChildProcess> {
  const version = Number.parseInt(await readFile(join(place.data, "PG_VERSION"), "utf8"), 10);
  const settings = {
    ...SETTINGS,
    // Version 18 would start three workers for reading ahead.
    ...(version >= 18 ? { io_method: "sync" } : {}),
    port: String(port),
    listen_addresses: socket ? "" : "127.0.0.1",
    unix_socket_directories: socket ? place.data : "",
    unix_socket_permissions: "0700",
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  // Its own process group: Ctrl-C must reach the server, which still needs the database to drain.
  return spawn(join(place.binaries.directory, "postgres"), ["-D", place.data, ...flags], {
    ...identity(place.account),
    cwd: "/",
    env: { LC_ALL: "C", TZ: "UTC" },
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
  });
}

function identity(account: Account | undefined): { uid?: number; gid?: number } {
  return account ? { uid: account.uid, gid: account.gid } : {};
}

/** Answers the password; a cluster that initdb did not finish is made anew. */
async function initialise(place: Place): Promise<string> {
  const marker = join(place.home, "password");
  const known = await readFile(marker, "utf8").catch(() => undefined);
  if (known && (await isFile(join(place.data, "PG_VERSION")))) return known.trim();
  await emptyDirectory(place);
  const password = randomBytes(24).toString("base64url");
  const draft = await mkdtemp(join(tmpdir(), "countersign-initdb-"));
  const file = join(draft, "password");
  await writeFile(file, password, { mode: 0o600 });
  if (place.account) {
    await chown(draft, place.account.uid, place.account.gid);
    await chown(file, place.account.uid, place.account.gid);
  }
  try {
    await initdb(place, file);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  await writeFile(marker, password, { mode: 0o600 });
  return password;
}

async function emptyDirectory(place: Place): Promise<void> {
  await mkdir(place.data, { recursive: true, mode: 0o700 });
  for (const name of await readdir(place.data)) await rm(join(place.data, name), { recursive: true });
}

function initdb(place: Place, passwordFile: string): Promise<void> {
  const flags = [
    `--pgdata=${place.data}`,
    `--username=${CLUSTER_USER}`,
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--no-instructions",
  ];
  const child = spawn(join(place.binaries.directory, "initdb"), flags, {
    ...identity(place.account),
    cwd: "/",
    env: { LC_ALL: "C", TZ: "UTC" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const output = collect(child);
  return new Promise((resolve, reject) => {
    child.once("error", (cause) => reject(unavailable("initdb cannot be run", "", cause)));
    child.once("close", (code) => (code === 0 ? resolve() : reject(unavailable("initdb failed", output()))));
  });
}

function ready(child: ChildProcess, data: string): Promise<void> {
  const output = collect(child);
  return new Promise((resolve, reject) => {
    const poll = setInterval(() => {
      // The last line of postmaster.pid turns to "ready" once connections are taken.
      readFile(join(data, "postmaster.pid"), "utf8").then(
        (text) => {
          if (/^ready\s*$/m.test(text) && text.startsWith(`${child.pid}\n`)) settle(resolve);
        },
        () => undefined,
      );
    }, 15);
    const settle = (done: () => void) => {
      clearInterval(poll);
      child.removeAllListeners("exit");
      done();
    };
    child.once("error", (cause) => settle(() => reject(unavailable("PostgreSQL cannot be run", "", cause))));
    child.once("exit", () => settle(() => reject(unavailable("PostgreSQL did not start", output()))));
  });
}

function collect(child: ChildProcess): () => string {
  let text = "";
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
    text = (text + chunk).slice(-4_000);
  });
  return () => text.trim();
}

function unavailable(what: string, output: string, cause?: unknown): CountersignError {
  const text = output ? `${what}: ${output}` : what;
  return new CountersignError("database-unavailable", text, cause === undefined ? {} : { cause });
}

/** Fast shutdown: open transactions are rolled back, everything committed is kept. */
function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const force = setTimeout(() => child.kill("SIGQUIT"), 10_000);
    child.once("exit", () => {
      clearTimeout(force);
      resolve();
    });
    child.kill("SIGINT");
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  );
}
