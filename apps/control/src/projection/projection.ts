import type { Digest } from "@countersign/evidence";
import type { ChainRow, Predicate } from "@countersign/facts";
import type { ProjectedEntry, Projection } from "@countersign/workspace";
import type pg from "pg";
import { inTransaction } from "../database/transaction.js";

const ROWS_PER_INSERT = 2_000;
const ROWS_PER_READ = 5_000;
const NEWEST = Number.MAX_SAFE_INTEGER;

/**
 * The log by subject, in PostgreSQL. Nothing here is trusted: a gate compares what `chain` answers with the count
 * and the running hash that it folded from the log itself.
 */
export function postgresProjection(pool: pg.Pool, workspace: string, instance: string): Projection {
  return {
    applied: () => appliedSize(pool, workspace, instance),
    apply: (entries, size) =>
      inTransaction(pool, (client) => store(client, { workspace, instance, entries, size })),
    chain: (space, subject) => chainOf(pool, space, subject),
    list: (space, predicates, before, limit) => listed(pool, space, predicates, before, limit),
    rows: () => allRows(pool),
    rewind: () => inTransaction(pool, (client) => forget(client, workspace)),
  };
}

async function appliedSize(pool: pg.Pool, workspace: string, instance: string): Promise<number> {
  const answer = await pool.query<{ size: string; instance: string }>(
    "select size, instance from applied where workspace = $1",
    [workspace],
  );
  const row = answer.rows[0];
  if (row?.instance === instance) return Number(row.size);
  // Rows of another data directory (before a restore) say nothing about this one, nor do rows of no known one.
  await inTransaction(pool, (client) => forget(client, workspace));
  return 0;
}

interface Batch {
  workspace: string;
  instance: string;
  entries: ProjectedEntry[];
  size: number;
}

interface Row {
  entry: ProjectedEntry;
  subject: string;
  position: number;
}

async function store(client: pg.PoolClient, { workspace, instance, entries, size }: Batch): Promise<void> {
  const rows = entries.flatMap((entry) =>
    entry.leaf.subjects.map((subject, position) => ({ entry, subject, position })),
  );
  for (let start = 0; start < rows.length; start += ROWS_PER_INSERT) {
    await insertRows(client, rows.slice(start, start + ROWS_PER_INSERT));
  }
  await client.query(
    `insert into applied (workspace, size, instance) values ($1, $2, $3)
     on conflict (workspace) do update set size = excluded.size, instance = excluded.instance`,
    [workspace, size, instance],
  );
}

/** Overwrites: a row that someone planted ahead of the log must not survive the entry that belongs there. */
async function insertRows(client: pg.PoolClient, rows: Row[]): Promise<void> {
  await client.query({
    name: "projection-insert",
    text: `insert into entries (workspace, subject, "index", position, predicate, raw)
           select * from unnest($1::text[], $2::text[], $3::bigint[], $4::int[], $5::text[], $6::bytea[])
           on conflict (workspace, subject, "index") do update
           set position = excluded.position, predicate = excluded.predicate, raw = excluded.raw`,
    values: [
      rows.map(({ entry }) => entry.leaf.workspace),
      rows.map(({ subject }) => subject),
      rows.map(({ entry }) => entry.index),
      rows.map(({ position }) => position),
      rows.map(({ entry }) => entry.leaf.predicate),
      rows.map(({ entry }) => Buffer.from(entry.raw)),
    ],
  });
}

async function chainOf(pool: pg.Pool, workspace: string, subject: Digest): Promise<ChainRow[]> {
  const answer = await pool.query<{ index: string; raw: Buffer }>({
    name: "projection-chain",
    text: `select "index", raw from entries where workspace = $1 and subject = $2 order by "index"`,
    values: [workspace, subject],
  });
  return answer.rows.map(({ index, raw }) => ({ index: Number(index), raw: new Uint8Array(raw) }));
}

async function listed(
  pool: pg.Pool,
  workspace: string,
  predicates: Predicate[],
  before: number,
  limit: number,
): Promise<number[]> {
  const answer = await pool.query<{ index: string }>({
    name: "projection-list",
    text: `select "index" from entries
           where workspace = $1 and predicate = any($2::text[]) and "index" < $3 and position = 0
           order by "index" desc limit $4`,
    values: [workspace, predicates, Math.min(before, NEWEST), limit],
  });
  return answer.rows.map(({ index }) => Number(index));
}

async function* allRows(pool: pg.Pool): ReturnType<Projection["rows"]> {
  let after: [string, string, string] = ["", "", "-1"];
  for (;;) {
    const answer = await pool.query<{ workspace: string; subject: string; index: string; raw: Buffer }>(
      `select workspace, subject, "index", raw from entries
       where (workspace, subject, "index") > ($1, $2, $3::bigint)
       order by workspace, subject, "index" limit ${ROWS_PER_READ}`,
      after,
    );
    for (const { workspace, subject, index, raw } of answer.rows) {
      yield { workspace, subject: subject as Digest, index: Number(index), raw: new Uint8Array(raw) };
      after = [workspace, subject, index];
    }
    if (answer.rows.length < ROWS_PER_READ) return;
  }
}

/** The whole table: rows of other workspaces come from the same log and are replayed with it. */
async function forget(client: pg.PoolClient, workspace: string): Promise<void> {
  await client.query("delete from entries");
  await client.query("delete from applied where workspace = $1", [workspace]);
}
