import type { Predicate } from "@countersign/facts";
import { lineageEventOf } from "@countersign/lineage";
import type { Workspace } from "@countersign/workspace";
import type pg from "pg";
import type { Tracer } from "./tracer.js";

const EMITTED: readonly Predicate[] = ["provenance", "manifest", "lineage"];

export interface Wanted {
  limit: number;
  before: number | undefined;
  subject?: string;
}

/** Runs, admissions and events from outside that still count, newest first, as OpenLineage events. */
export async function emittedEvents(
  { pool, workspace, tracer }: { pool: pg.Pool; workspace: Workspace; tracer: Tracer },
  { limit, before, subject }: Wanted,
): Promise<{ index: number; event: object }[]> {
  const node = subject === undefined ? null : (await tracer.origin(subject)).id;
  const found: { index: number; event: object }[] = [];
  let position = before ?? Number.MAX_SAFE_INTEGER;
  // What was revoked since is left out, so a page may need more entries than it shows.
  for (;;) {
    const indexes = await sources(pool, workspace.id, { node, before: position, limit });
    const events = await Promise.all(indexes.map((index) => eventAt(workspace, index)));
    found.push(...events.flat());
    position = indexes.at(-1) ?? 0;
    if (found.length >= limit || indexes.length < limit) return found.slice(0, limit);
  }
}

async function eventAt(workspace: Workspace, index: number): Promise<{ index: number; event: object }[]> {
  const { status, statement, entry } = await workspace.read(index);
  if (status !== "held" || statement === undefined) return [];
  const { envelope, at } = entry;
  const event = lineageEventOf(statement, { workspace: workspace.id, index, envelope, at });
  return event === undefined ? [] : [{ index, event }];
}

async function sources(
  pool: pg.Pool,
  workspace: string,
  { node, before, limit }: { node: number | null; before: number; limit: number },
): Promise<number[]> {
  const said =
    node === null
      ? ""
      : `and s.log_index in (select log_index from lineage_edges where workspace = $1 and from_id = $5
           union select log_index from lineage_edges where workspace = $1 and to_id = $5)`;
  const values = [workspace, EMITTED, before, limit];
  const { rows } = await pool.query<{ index: number }>(
    `select s.log_index::float8 as index from lineage_sources s
     where s.workspace = $1 and s.predicate = any($2) and s.log_index < $3 ${said}
     order by s.log_index desc limit $4`,
    node === null ? values : [...values, node],
  );
  return rows.map(({ index }) => index);
}
