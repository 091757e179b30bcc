import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { CountersignError } from "@countersign/evidence";
import pg from "pg";
import { lockDirectory } from "../lock.js";
import { packagedBinaries } from "../postgres/binaries.js";
import { CLUSTER_USER, type Connection } from "../postgres/cluster.js";
import { embeddedCluster } from "../postgres/embedded.js";
import { findPlace } from "../postgres/place.js";

export interface DatabaseOptions {
  directory: string;
  /** The server's DATABASE_URL; "" for the embedded database. */
  databaseUrl: string;
  /** Where PostgreSQL's programs stand; "" for the packaged ones. */
  binaries: string;
}

/**
 * Lends a connection to the database of a data directory: to that of the running server, or to the embedded one, started for
 * the time being under the directory's lock. `undefined` where there is none.
 */
export async function withDatabase<T>(
  options: DatabaseOptions,
  work: (client: pg.Client) => Promise<T>,
): Promise<T | undefined> {
  if (options.databaseUrl !== "") return connected({ connectionString: options.databaseUrl }, work);
  if (!(await isThere(join(options.directory, "postgres", "password")))) return undefined;
  const lock = await lockDirectory(options.directory).catch((error: unknown) => {
    if (error instanceof CountersignError && error.code === "directory-locked") return undefined;
    throw error;
  });
  if (!lock) return connected(await runningCluster(options), work);
  try {
    const quiet = () => undefined;
    const cluster = await embeddedCluster({ ...options, info: quiet, warn: quiet });
    try {
      return await connected(cluster.connection, work);
    } finally {
      await cluster.stop();
    }
  } finally {
    await lock.release();
  }
}

/** What the server that holds the directory has started; PostgreSQL says in `postmaster.pid` where it listens. */
async function runningCluster({ directory, binaries }: DatabaseOptions): Promise<Connection> {
  const place = await findPlace(directory, binaries ? { directory: binaries } : packagedBinaries());
  const lines = (await readFile(join(place.data, "postmaster.pid"), "utf8").catch(() => "")).split("\n");
  const [, , , port = "", socket = "", address = ""] = lines;
  const password = (await readFile(join(place.home, "password"), "utf8")).trim();
  const host = socket.trim() || address.trim();
  if (host === "" || !/^\d+\s*$/.test(port)) {
    throw new CountersignError(
      "database-unavailable",
      "the directory is in use, and its database does not run: try again once the server is ready",
    );
  }
  return { host, port: Number(port), user: CLUSTER_USER, password, database: "postgres" };
}

async function connected<T>(config: pg.ClientConfig, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ ...config, application_name: "countersign-backup" });
  // A connection that breaks fails the query that is under way; nobody else is to hear of it.
  client.on("error", () => undefined);
  try {
    await client.connect();
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause);
    throw new CountersignError("database-unavailable", `the database cannot be read: ${text}`, { cause });
  }
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
