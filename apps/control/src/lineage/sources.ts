import { canonicalJson, sha256 } from "@countersign/evidence";
import type { Judged, LineagePredicate } from "@countersign/facts";
import type pg from "pg";

/** What an OpenLineage event is known by, however often it is sent. */
export const eventDigest = (event: object): string => sha256(canonicalJson(event));

/** Which entry said what: for what is withdrawn later, and for what comes again. */
export async function noteSources(
  client: pg.PoolClient,
  workspace: string,
  items: readonly Judged[],
): Promise<void> {
  await client.query(
    `insert into lineage_sources (workspace, log_index, envelope, predicate, signer, at, event)
     select $1, v.* from unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::text[]) as v
     on conflict do nothing`,
    [
      workspace,
      items.map(({ entry }) => entry.index),
      items.map(({ entry }) => entry.envelope),
      items.map(({ entry }) => entry.predicate),
      items.map(({ entry }) => entry.signer),
      items.map(({ entry }) => entry.at),
      items.map(eventOf),
    ],
  );
}

function eventOf({ entry, statement }: Judged): string | null {
  if (entry.predicate !== "lineage" || statement === undefined) return null;
  return eventDigest((statement.predicate as LineagePredicate).event);
}

export async function knownEvents(
  pool: pg.Pool,
  workspace: string,
  digests: readonly string[],
): Promise<Map<string, number>> {
  const answer = await pool.query<{ event: string; index: string }>(
    `select event, max(log_index) as index from lineage_sources
     where workspace = $1 and event = any($2) group by event`,
    [workspace, digests],
  );
  return new Map(answer.rows.map(({ event, index }) => [event, Number(index)]));
}
