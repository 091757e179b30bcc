import { createHash } from "node:crypto";
import { mkdir, open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type pg from "pg";

/** The part of a data directory that holds rows: in a backup, and in a restored directory until its first start. */
export const ROWS = "database";
export const INDEX = "index.json";

export interface TableDump {
  name: string;
  columns: string[];
  rows: number;
  /** SHA-256 of the file. */
  digest: string;
}

export interface RowsIndex {
  format: 1;
  at: number;
  tables: TableDump[];
}

/**
 * Tables whose rows are made anew from the log, or must not come back. Every other one is kept, so that a table that is added
 * later is not forgotten.
 */
const LEFT_OUT = new Set([
  "entries",
  "applied",
  "cursors",
  "jobs",
  "events",
  "idempotency",
  "principals",
  "tokens",
  "sessions",
  "assets",
  "asset_references",
  "asset_versions",
  "asset_statements",
  "dataset_versions",
  "dataset_profiles",
  "dataset_files",
]);
const PROJECTED = /^lineage_/;
const STEP = 2_000;

/** Writes the rows of one moment as JSON lines, one file for each table. */
export async function dumpRows(client: pg.Client, directory: string, at: number): Promise<RowsIndex> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await client.query("begin transaction isolation level repeatable read read only");
  try {
    const tables: TableDump[] = [];
    for (const name of await tableNames(client)) tables.push(await dumpTable(client, directory, name));
    const index: RowsIndex = { format: 1, at, tables };
    await writeFile(join(directory, INDEX), `${JSON.stringify(index, null, 2)}\n`, {
      flush: true,
      mode: 0o600,
    });
    return index;
  } finally {
    await client.query("rollback");
  }
}

async function tableNames(client: pg.Client): Promise<string[]> {
  const answer = await client.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and n.nspname = 'public' order by 1`,
  );
  return answer.rows.map(({ name }) => name).filter((name) => !LEFT_OUT.has(name) && !PROJECTED.test(name));
}

async function dumpTable(client: pg.Client, directory: string, name: string): Promise<TableDump> {
  const columns = await columnNames(client, name);
  const hash = createHash("sha256");
  let rows = 0;
  const file = await open(join(directory, `${name}.jsonl`), "wx", 0o600);
  try {
    await client.query(
      `declare dump no scroll cursor for select row_to_json(t)::text as line from ${quoted(name)} t`,
    );
    for (;;) {
      const step = await client.query<{ line: string }>(`fetch ${STEP} from dump`);
      if (step.rows.length === 0) break;
      const text = step.rows.map(({ line }) => `${line}\n`).join("");
      hash.update(text);
      await file.write(text);
      rows += step.rows.length;
    }
    await client.query("close dump");
    await file.sync();
  } finally {
    await file.close();
  }
  return { name, columns, rows, digest: hash.digest("hex") };
}

export async function columnNames(client: pg.ClientBase, table: string): Promise<string[]> {
  const answer = await client.query<{ name: string }>(
    `select attname as name from pg_attribute
     where attrelid = to_regclass($1) and attnum > 0 and not attisdropped and attgenerated = '' order by attnum`,
    [`public.${quoted(table)}`],
  );
  return answer.rows.map(({ name }) => name);
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
