import { fileURLToPath } from "node:url";
import { CountersignError } from "@countersign/evidence";
import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import { migrate } from "drizzle-orm/node-postgres/migrator";
import pg from "pg";
import type { Connection } from "../postgres/cluster.js";
import * as schema from "./schema.js";

export type Db = NodePgDatabase<typeof schema>;

export interface Database {
  db: Db;
  pool: pg.Pool;
  ping(): Promise<void>;
  close(): Promise<void>;
}

const MIGRATIONS = fileURLToPath(new URL("../../migrations", import.meta.url));
/** Arbitrary, but the same in every release: whoever holds them migrates, or serves. */
const MIGRATION_LOCK = 7_130_001;
const SERVER_LOCK = 7_130_002;

export async function openDatabase(
  target: Connection | string,
  onError: (error: Error) => void,
): Promise<Database> {
  const options: pg.PoolConfig = typeof target === "string" ? { connectionString: target } : { ...target };
  const pool = new pg.Pool({
    ...options,
    max: 8,
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: 10_000,
    application_name: "countersign",
  });
  let closing = false;
  const report = (error: Error) => {
    // Connections that end because we end them are no news.
    if (!closing) onError(error);
  };
  // Without a listener a broken idle connection would end the process.
  pool.on("error", report);
  try {
    const holder = await pool.connect();
    holder.on("error", report);
    await takeServerLock(holder);
    await applyMigrations(holder);
    return {
      db: drizzle(pool, { schema }),
      pool,
      ping: async () => void (await pool.query("select 1")),
      close: async () => {
        closing = true;
        holder.release(true);
        await pool.end();
      },
    };
  } catch (cause) {
    // Ends the waiting holder too: it was never released.
    void pool.end().catch(onError);
    throw databaseFault(cause);
  }
}

/** Two servers on one database would each believe that the other's rows are theirs. Held until the end. */
async function takeServerLock(holder: pg.PoolClient): Promise<void> {
  const answer = await holder.query<{ taken: boolean }>("select pg_try_advisory_lock($1) as taken", [
    SERVER_LOCK,
  ]);
  if (answer.rows[0]?.taken) return;
  holder.release(true);
  throw new CountersignError("directory-locked", "another server uses this database");
}

async function applyMigrations(holder: pg.PoolClient): Promise<void> {
  await holder.query("select pg_advisory_lock($1)", [MIGRATION_LOCK]);
  try {
    await migrate(drizzle(holder), {
      migrationsFolder: MIGRATIONS,
      migrationsTable: "countersign_migrations",
    });
  } finally {
    await holder.query("select pg_advisory_unlock($1)", [MIGRATION_LOCK]);
  }
}

function databaseFault(cause: unknown): CountersignError {
  if (cause instanceof CountersignError) return cause;
  const text = cause instanceof Error ? cause.message : String(cause);
  return new CountersignError("database-unavailable", `the database cannot be used: ${text}`, { cause });
}
