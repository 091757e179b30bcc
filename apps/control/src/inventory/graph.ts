import type { AssetKind } from "@countersign/facts";
import type { AssetNode, Reference, Relation } from "@countersign/inventory";
import type pg from "pg";
import type { AssetName } from "./refresh.js";

interface Edge extends AssetName {
  relation: Relation;
  to_kind: AssetKind;
  to_name: string;
}

const DOWN = "select kind, name, relation, to_kind, to_name from asset_references";
const NODES = 5_000;

export const keyOf = ({ kind, name }: AssetName): string => `${kind}:${name}`;

/** What the assets refer to, and so on down; `given` are documents that are not in force yet and count instead. */
export async function below(
  pool: pg.Pool,
  workspace: string,
  start: readonly AssetName[],
  given: readonly AssetNode[] = [],
): Promise<AssetNode[]> {
  const nodes = new Map<string, AssetNode>(given.map((node) => [keyOf(node), node]));
  let frontier = unknownOf([...start, ...given.flatMap(({ references }) => references)], nodes);
  while (frontier.length > 0 && nodes.size < NODES) {
    const found = await edges(pool, workspace, frontier, "(kind, name)");
    for (const node of [...frontier.map((at) => ({ ...at, references: [] })), ...nodesOf(found)]) {
      nodes.set(keyOf(node), node);
    }
    frontier = unknownOf(
      found.map(({ to_kind, to_name }) => ({ kind: to_kind, name: to_name })),
      nodes,
    );
  }
  return [...nodes.values()];
}

/** All that rests on the given assets, however far up, with every reference that says what could take another's place. */
export async function above(
  pool: pg.Pool,
  workspace: string,
  start: readonly AssetName[],
): Promise<AssetNode[]> {
  const seen = new Set(start.map(keyOf));
  const all = new Map<string, Edge>();
  let frontier = [...start];
  while (frontier.length > 0) {
    const found = await edges(pool, workspace, frontier, "(to_kind, to_name)");
    frontier = found.filter((edge) => !seen.has(keyOf(edge)));
    const others = await edges(pool, workspace, frontier, "(kind, name)", "relation = 'alternative'");
    for (const edge of [...found, ...others]) all.set(edgeKey(edge), edge);
    frontier = distinct(frontier);
    for (const at of frontier) seen.add(keyOf(at));
  }
  return nodesOf([...all.values()]);
}

const edgeKey = (edge: Edge): string => `${keyOf(edge)} ${edge.relation} ${edge.to_kind}:${edge.to_name}`;

const distinct = (names: readonly AssetName[]): AssetName[] => [
  ...new Map(names.map(({ kind, name }) => [`${kind}:${name}`, { kind, name }])).values(),
];

function unknownOf(names: readonly AssetName[], nodes: ReadonlyMap<string, unknown>): AssetName[] {
  return distinct(names.filter((name) => !nodes.has(keyOf(name))));
}

function nodesOf(found: readonly Edge[]): AssetNode[] {
  const nodes = new Map<string, AssetName & { references: Reference[] }>();
  for (const { kind, name, relation, to_kind, to_name } of found) {
    const node = nodes.get(`${kind}:${name}`) ?? { kind, name, references: [] };
    node.references.push({ kind: to_kind, name: to_name, relation });
    nodes.set(`${kind}:${name}`, node);
  }
  return [...nodes.values()];
}

async function edges(
  pool: pg.Pool,
  workspace: string,
  names: readonly AssetName[],
  end: "(kind, name)" | "(to_kind, to_name)",
  also: string = "true",
): Promise<Edge[]> {
  if (names.length === 0) return [];
  const { rows } = await pool.query<Edge>(
    `${DOWN} where workspace = $1 and ${end} in (select * from unnest($2::text[], $3::text[])) and ${also}`,
    [workspace, names.map(({ kind }) => kind), names.map(({ name }) => name)],
  );
  return rows;
}

/** The assets among `names` that are described or have versions. */
export async function known(
  pool: pg.Pool,
  workspace: string,
  names: readonly AssetName[],
): Promise<Set<string>> {
  const { rows } = await pool.query<AssetName>(
    "select kind, name from assets where workspace = $1 and (kind, name) in (select * from unnest($2::text[], $3::text[]))",
    [workspace, names.map(({ kind }) => kind), names.map(({ name }) => name)],
  );
  return new Set(rows.map(keyOf));
}
