import { DECLARED, type Edge, type Node, RELATIONS, tidy } from "@countersign/lineage";
import type pg from "pg";

/** What one entry of the log adds, with where it stands. */
export interface Placed<T> {
  value: T;
  at: number;
  index: number;
}

export type PlacedNode = Placed<Node> & {
  /** It is the authority on kind and name, such as the manifest is for a version. */
  strong: boolean;
};

export type PlacedEdge = Placed<Edge> & {
  /** Said over and over, as by every event of one run: stored once. */
  repeats: boolean;
};

/** Makes nodes that are not there, and completes those that are. */
export async function writeNodes(
  client: pg.PoolClient,
  workspace: string,
  placed: readonly PlacedNode[],
): Promise<void> {
  const nodes = [...merged(placed).values()];
  if (nodes.length === 0) return;
  const columns = columnsOf(nodes);
  await client.query(
    `insert into lineage_nodes (workspace, key, type, kind, name, environment, region, owner, declared, at, log_index)
     select $1, v.* from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
       $9::boolean[], $10::bigint[], $11::bigint[]) as v
     on conflict (workspace, key) do nothing`,
    [workspace, ...columns],
  );
  await client.query(
    `update lineage_nodes n set
       kind = case when v.kind <> '' and (v.strong or n.kind = '') then v.kind else n.kind end,
       name = case when v.name <> '' and (v.strong or n.name = '') then v.name else n.name end,
       owner = coalesce(v.owner, n.owner), declared = coalesce(v.declared, n.declared)
     from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::boolean[], $7::boolean[])
       as v(key, kind, name, owner, declared, strong)
     where n.workspace = $1 and n.key = v.key
       and (v.declared is not null or (v.kind <> '' and (n.kind = '' or (v.strong and n.kind <> v.kind)))
         or (v.name <> '' and (n.name = '' or (v.strong and n.name <> v.name))))`,
    [
      workspace,
      columns[0],
      columns[2],
      columns[3],
      columns[6],
      columns[7],
      nodes.map(({ strong }) => strong),
    ],
  );
}

/** One row a key; later statements complete earlier ones. */
function merged(placed: readonly PlacedNode[]): Map<string, PlacedNode> {
  const found = new Map<string, PlacedNode>();
  for (const one of placed) {
    const before = found.get(one.value.key);
    found.set(one.value.key, before === undefined ? one : joined(before, one));
  }
  return found;
}

function joined(before: PlacedNode, one: PlacedNode): PlacedNode {
  const takes = one.strong || !before.strong;
  const pick = (field: "kind" | "name"): string =>
    (takes ? one.value[field] : before.value[field]) || before.value[field] || one.value[field];
  return {
    ...before,
    strong: before.strong || one.strong,
    value: { ...before.value, ...one.value, kind: pick("kind"), name: pick("name") },
  };
}

function columnsOf(nodes: readonly PlacedNode[]): unknown[][] {
  const column = (read: (node: Node) => unknown): unknown[] => nodes.map(({ value }) => read(value) ?? null);
  return [
    column(({ key }) => key),
    column(({ type }) => type),
    column(({ kind }) => kind),
    column(({ name }) => tidy(name)),
    column(({ environment }) => environment),
    column(({ region }) => region),
    column(({ owner }) => owner),
    column(({ declared }) => declared),
    nodes.map(({ at }) => at),
    nodes.map(({ index }) => index),
  ];
}

export async function idsOf(
  client: pg.Pool | pg.PoolClient,
  workspace: string,
  keys: readonly string[],
): Promise<Map<string, number>> {
  const answer = await client.query<{ key: string; id: string }>(
    "select key, id from lineage_nodes where workspace = $1 and key = any($2)",
    [workspace, keys],
  );
  return new Map(answer.rows.map(({ key, id }) => [key, Number(id)]));
}

export async function writeEdges(
  client: pg.PoolClient,
  workspace: string,
  placed: readonly PlacedEdge[],
  ids: ReadonlyMap<string, number>,
): Promise<void> {
  for (const repeats of [false, true]) {
    const edges = placed.filter((edge) => edge.repeats === repeats);
    if (edges.length > 0) await insertEdges(client, workspace, edges, ids, repeats);
  }
}

const ONCE = `and not exists (select 1 from lineage_edges e where e.workspace = $1 and e.from_id = v.from_id
  and e.to_id = v.to_id and e.relation = v.relation and e.ended is null
  and (v.columns is null or e.columns::text = v.columns))`;

async function insertEdges(
  client: pg.PoolClient,
  workspace: string,
  edges: readonly PlacedEdge[],
  ids: ReadonlyMap<string, number>,
  once: boolean,
): Promise<void> {
  await client.query(
    `insert into lineage_edges (workspace, from_id, to_id, relation, log_index, since, columns)
     select distinct on (v.from_id, v.to_id, v.relation, coalesce(v.columns, ''))
       $1, v.from_id, v.to_id, v.relation, v.log_index, v.since, v.columns::json
     from unnest($2::bigint[], $3::bigint[], $4::smallint[], $5::bigint[], $6::bigint[], $7::text[])
       as v(from_id, to_id, relation, log_index, since, columns)
     where true ${once ? ONCE : ""}
     order by v.from_id, v.to_id, v.relation, coalesce(v.columns, ''), v.log_index
     on conflict do nothing`,
    [
      workspace,
      edges.map(({ value }) => ids.get(value.from)),
      edges.map(({ value }) => ids.get(value.to)),
      edges.map(({ value }) => relationCode(value)),
      edges.map(({ index }) => index),
      edges.map(({ at }) => at),
      edges.map(({ value }) => (value.columns === undefined ? null : JSON.stringify(value.columns))),
    ],
  );
}

const relationCode = ({ relation, declared = false }: Pick<Edge, "relation" | "declared">): number =>
  RELATIONS[relation] + (declared ? DECLARED : 0);
