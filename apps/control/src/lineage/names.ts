import { RELATIONS, tidy } from "@countersign/lineage";
import type pg from "pg";
import type { Placed } from "./tables.js";

export type PlacedName = Placed<{ node: string; name: string }>;

/**
 * Ties what events call a dataset to the asset of that name, whichever came first. The tie is an edge like any other:
 * it has a time and can end.
 */
export async function tieNames(
  client: pg.PoolClient,
  workspace: string,
  said: readonly PlacedName[],
  answers: readonly PlacedName[],
  ids: ReadonlyMap<string, number>,
): Promise<void> {
  if (said.length + answers.length === 0) return;
  await writeNames(client, workspace, answers, ids, true);
  await writeNames(client, workspace, said, ids, false);
  // A tie begins when the later of the two names was said.
  await client.query(
    `with pairs as (
       select distinct a.node_id as asset, x.node_id as other, greatest(a.log_index, x.log_index) as log_index,
         greatest(a.at, x.at) as at
       from unnest($2::text[]) as v(name)
       join lineage_names a on a.workspace = $1 and a.name = v.name and a.asset
       join lineage_names x on x.workspace = $1 and x.name = v.name and not x.asset
       join lineage_nodes n on n.workspace = $1 and n.id = a.node_id and n.declared
     ), ties as (
       select asset as a, other as b, log_index, at from pairs
       union all select other, asset, log_index, at from pairs
     )
     insert into lineage_edges (workspace, from_id, to_id, relation, log_index, since)
     select distinct on (a, b) $1, a, b, ${RELATIONS.same}, log_index, at from ties
     where not exists (select 1 from lineage_edges e where e.workspace = $1 and e.from_id = a and e.to_id = b
       and e.relation = ${RELATIONS.same} and e.ended is null)
     order by a, b, log_index
     on conflict do nothing`,
    [workspace, [...said, ...answers].map(({ value }) => tidy(value.name))],
  );
}

async function writeNames(
  client: pg.PoolClient,
  workspace: string,
  names: readonly PlacedName[],
  ids: ReadonlyMap<string, number>,
  asset: boolean,
): Promise<void> {
  if (names.length === 0) return;
  const nodes = names.map(({ value }) => ids.get(value.node));
  // A document that names another source no longer answers to the one before.
  if (asset) {
    await client.query("delete from lineage_names where workspace = $1 and node_id = any($2)", [
      workspace,
      nodes,
    ]);
  }
  await client.query(
    `insert into lineage_names (workspace, name, node_id, asset, log_index, at)
     select distinct on (v.name, v.id) $1, v.name, v.id, $4::boolean, v.log_index, v.at
     from unnest($2::text[], $3::bigint[], $5::bigint[], $6::bigint[]) as v(name, id, log_index, at)
     order by v.name, v.id, v.log_index
     on conflict do nothing`,
    [
      workspace,
      names.map(({ value }) => tidy(value.name)),
      nodes,
      asset,
      names.map(({ index }) => index),
      names.map(({ at }) => at),
    ],
  );
}
