import { DECLARED, type Ends, RELATIONS } from "@countersign/lineage";
import type pg from "pg";
import type { Placed } from "./tables.js";

const OUTGOING = [RELATIONS.output + DECLARED, RELATIONS.same + DECLARED];
const SAME = RELATIONS.same;

/** Ends what documents declared before, and what no longer runs, at the time of the statement that says so. */
export async function endEdges(
  client: pg.PoolClient,
  workspace: string,
  ends: readonly Placed<Ends>[],
  ids: ReadonlyMap<string, number>,
): Promise<void> {
  const documents = ends.flatMap(({ value, at }) =>
    "node" in value ? [{ id: ids.get(value.node), ties: value.ties, at }] : [],
  );
  const deployments = ends.flatMap(({ value, at }) =>
    "from" in value ? [{ from: ids.get(value.from), to: ids.get(value.to), at }] : [],
  );
  if (documents.length > 0) await endDeclared(client, workspace, documents);
  if (deployments.length > 0) await endDeployed(client, workspace, deployments);
}

type Document = { id: number | undefined; ties: boolean; at: number };

// A document declares what enters its node, and of what leaves it only what a run makes: the rest is others' to declare.
async function endDeclared(client: pg.PoolClient, workspace: string, documents: Document[]): Promise<void> {
  const values = [
    workspace,
    documents.map(({ id }) => id),
    documents.map(({ at }) => at),
    documents.map(({ ties }) => ties),
  ];
  await client.query(
    `update lineage_edges e set ended = v.at from unnest($2::bigint[], $3::bigint[], $4::boolean[]) as v(id, at, ties)
     where e.workspace = $1 and e.to_id = v.id and e.ended is null
       and ((e.relation >= ${DECLARED} and e.relation <> ${OUTGOING[0]}) or (v.ties and e.relation = ${SAME}))`,
    values,
  );
  await client.query(
    `update lineage_edges e set ended = v.at from unnest($2::bigint[], $3::bigint[], $4::boolean[]) as v(id, at, ties)
     where e.workspace = $1 and e.from_id = v.id and e.ended is null
       and (e.relation in (${OUTGOING.join(", ")}) or (v.ties and e.relation = ${SAME}))`,
    values,
  );
}

async function endDeployed(
  client: pg.PoolClient,
  workspace: string,
  deployments: { from: number | undefined; to: number | undefined; at: number }[],
): Promise<void> {
  await client.query(
    `update lineage_edges e set ended = v.at from unnest($2::bigint[], $3::bigint[], $4::bigint[]) as v(a, b, at)
     where e.workspace = $1 and e.from_id = v.a and e.to_id = v.b and e.relation = ${RELATIONS.deployed}
       and e.ended is null`,
    [
      workspace,
      deployments.map(({ from }) => from),
      deployments.map(({ to }) => to),
      deployments.map(({ at }) => at),
    ],
  );
}

/** Ends what one statement said, because it no longer counts. */
export async function endStatement(
  client: pg.PoolClient,
  workspace: string,
  index: number,
  edges: readonly { from: number; to: number }[],
  at: number,
): Promise<void> {
  await client.query(
    `update lineage_edges e set ended = $5 from unnest($3::bigint[], $4::bigint[]) as v(a, b)
     where e.workspace = $1 and e.from_id = v.a and e.to_id = v.b and e.log_index = $2 and e.ended is null`,
    [workspace, index, edges.map(({ from }) => from), edges.map(({ to }) => to), at],
  );
}
