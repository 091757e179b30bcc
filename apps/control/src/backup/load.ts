import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { CountersignError, parseJson } from "@countersign/evidence";
import type pg from "pg";
import { inTransaction } from "../database/transaction.js";
import { linesOf } from "./lines.js";
import { columnNames, INDEX, quoted, ROWS, type RowsIndex, type TableDump } from "./rows.js";

const STEP = 1_000;
const MARK = "restored-rows";

/** Reads an index and checks every file against it. `undefined` where there are no rows. */
export async function checkRows(directory: string): Promise<RowsIndex | undefined> {
  const text = await readFile(join(directory, ROWS, INDEX)).catch(() => undefined);
  if (text === undefined) return undefined;
  const index = parseJson(text) as unknown as RowsIndex;
  if (index.format !== 1) {
    throw new CountersignError(
      "format-unsupported",
      "the rows in this backup are of a form that this build does not read",
    );
  }
  for (const table of index.tables) await checkTable(directory, table);
  return index;
}

async function checkTable(directory: string, { name, digest }: TableDump): Promise<void> {
  const hash = createHash("sha256");
  try {
    for await (const chunk of createReadStream(fileOf(directory, name))) hash.update(chunk as Buffer);
  } catch (cause) {
    throw new CountersignError("verification-failed", `the copy is not whole: rows of ${name} are missing`, {
      cause,
    });
  }
  if (hash.digest("hex") === digest) return;
  throw new CountersignError("verification-failed", `the copy is not whole: rows of ${name} were changed`);
}

/**
 * Puts restored rows into the database at the first start on a restored directory. All of them or none: a start that is killed
 * meanwhile begins again. Where the database holds such rows already, as one that outlived its data directory does, they stay.
 */
export async function loadRows(
  pool: pg.Pool,
  workspace: string,
  directory: string,
  warn: (line: string) => void,
): Promise<void> {
  const index = await checkRows(directory);
  if (!index) return;
  const outcome = await inTransaction(pool, (client) => loadAll(client, workspace, directory, index));
  if (outcome === "occupied") {
    warn(
      `the database holds runs or versions already: the restored rows stay unread in ${join(directory, ROWS)}`,
    );
    return;
  }
  await rm(join(directory, ROWS), { recursive: true, force: true });
}

async function loadAll(
  client: pg.PoolClient,
  workspace: string,
  directory: string,
  index: RowsIndex,
): Promise<"loaded" | "known" | "occupied"> {
  const mark = createHash("sha256").update(JSON.stringify(index)).digest("hex");
  const known = await client.query(
    "select 1 from cursors where workspace = $1 and consumer = $2 and instance = $3",
    [workspace, MARK, mark],
  );
  if (known.rows.length > 0) return "known";
  const columns = new Map<string, string[]>();
  for (const { name } of index.tables) {
    const there = await columnNames(client, name);
    columns.set(name, there);
    if (there.length > 0 && (await hasRows(client, name))) return "occupied";
  }
  for (const table of index.tables) {
    const there = new Set(columns.get(table.name));
    await loadTable(
      client,
      directory,
      table,
      table.columns.filter((column) => there.has(column)),
    );
  }
  await client.query(
    `insert into cursors (workspace, consumer, instance, position) values ($1, $2, $3, 0)
     on conflict (workspace, consumer) do update set instance = excluded.instance`,
    [workspace, MARK, mark],
  );
  return "loaded";
}

async function hasRows(client: pg.PoolClient, table: string): Promise<boolean> {
  return (await client.query(`select 1 from ${quoted(table)} limit 1`)).rows.length > 0;
}

async function loadTable(
  client: pg.PoolClient,
  directory: string,
  { name, rows }: TableDump,
  columns: readonly string[],
): Promise<void> {
  if (rows === 0 || columns.length === 0) return;
  const list = columns.map(quoted).join(", ");
  const insert = `insert into ${quoted(name)} (${list}) select ${list} from json_populate_recordset(null::${quoted(name)}, $1::json)`;
  let lines: string[] = [];
  const flush = async () => {
    if (lines.length > 0) await client.query(insert, [`[${lines.join(",")}]`]);
    lines = [];
  };
  for await (const line of linesOf(fileOf(directory, name))) {
    lines.push(line);
    if (lines.length === STEP) await flush();
  }
  await flush();
  await moveSequences(client, name, columns);
}

/** What counts by itself goes on after the highest number that was restored. */
async function moveSequences(
  client: pg.PoolClient,
  table: string,
  columns: readonly string[],
): Promise<void> {
  for (const column of columns) {
    await client.query(
      `select setval(s.name, m.top) from
         (select pg_get_serial_sequence($1, $2) as name) s,
         (select max(${quoted(column)}::text) as text from ${quoted(table)}) t,
         lateral (select case when s.name is null then null else t.text::bigint end as top) m
       where s.name is not null and m.top is not null`,
      [`public.${quoted(table)}`, column],
    );
  }
}

function fileOf(directory: string, table: string): string {
  if (!/^[a-z0-9_]{1,63}$/.test(table)) {
    throw new CountersignError(
      "verification-failed",
      "the copy is not whole: a table has a name that none has here",
    );
  }
  return join(directory, ROWS, `${table}.jsonl`);
}
