import { type AssetNode, needs, nodeKey } from "./cycles.js";

/** What rests on one supplier. */
export interface SupplierShare {
  name: string;
  /** Assets that name it. */
  direct: number;
  /** Assets that rest on it, however far up, as Kind:name. */
  dependants: string[];
  /** Of these, those that would lose something for which they declare no alternative. */
  single: string[];
}

interface Graph {
  nodes: ReadonlyMap<string, AssetNode>;
  /** Who rests on an asset. */
  users: ReadonlyMap<string, readonly string[]>;
  /** What each asset may be replaced by. */
  alternatives: ReadonlyMap<string, readonly string[]>;
  /** The assets that an asset could stand in for. */
  standsInFor: ReadonlyMap<string, readonly string[]>;
}

/** For each vendor that anything refers to: what rests on it, and what would stop without it. */
export function concentration(assets: readonly AssetNode[]): SupplierShare[] {
  const graph = graphOf(assets);
  const suppliers = new Set(
    [...graph.users.keys(), ...graph.nodes.keys()].filter((key) => key.startsWith("Vendor:")),
  );
  return [...suppliers].map((key) => shareOf(key, graph));
}

/** The vendors that one asset rests on, however far down; those without an alternative are `single`. */
export function suppliersOf(
  asset: string,
  assets: readonly AssetNode[],
): { name: string; single: boolean }[] {
  return concentration(assets)
    .filter(({ dependants }) => dependants.includes(asset))
    .map(({ name, single }) => ({ name, single: single.includes(asset) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function graphOf(assets: readonly AssetNode[]): Graph {
  const users = new Map<string, string[]>();
  const alternatives = new Map<string, string[]>();
  const standsInFor = new Map<string, string[]>();
  for (const node of assets) {
    const key = nodeKey(node);
    for (const target of new Set(needs(node).map(nodeKey))) push(users, target, key);
    for (const reference of node.references) {
      if (reference.relation !== "alternative") continue;
      push(alternatives, key, nodeKey(reference));
      push(standsInFor, nodeKey(reference), key);
    }
  }
  return { nodes: new Map(assets.map((node) => [nodeKey(node), node])), users, alternatives, standsInFor };
}

function push(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

function shareOf(supplier: string, graph: Graph): SupplierShare {
  const dependants = spread(supplier, graph, () => true);
  // An alternative that is gone as well is none, so its loss spreads on to what it could have stood in for.
  const single = spread(supplier, graph, (key, gone) =>
    (graph.alternatives.get(key) ?? []).every((other) => gone.has(other)),
  );
  const assets = (keys: ReadonlySet<string>): string[] =>
    [...keys].filter((key) => key !== supplier && !key.startsWith("Vendor:"));
  return {
    name: supplier.slice("Vendor:".length),
    direct: graph.users.get(supplier)?.filter((key) => !key.startsWith("Vendor:")).length ?? 0,
    dependants: assets(dependants),
    single: assets(single),
  };
}

/** All that is gone with `start`: what is gone takes its users with it where `irreplaceable` says so. */
function spread(
  start: string,
  graph: Graph,
  irreplaceable: (key: string, gone: ReadonlySet<string>) => boolean,
): Set<string> {
  const gone = new Set([start]);
  const queue = [start];
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    const lost = [at, ...(graph.standsInFor.get(at) ?? [])].filter(
      (key) => gone.has(key) && irreplaceable(key, gone),
    );
    for (const user of lost.flatMap((key) => graph.users.get(key) ?? [])) {
      if (gone.has(user)) continue;
      gone.add(user);
      queue.push(user);
    }
  }
  return gone;
}
