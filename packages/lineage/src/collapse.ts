import { byCodePoint, sha256 } from "@countersign/evidence";

export interface Drawn {
  key: string;
  type: string;
  kind: string;
  status?: string;
  environment?: string;
}

export interface Drawing<N extends Drawn, E extends { from: string; to: string; relation: string }> {
  nodes: N[];
  edges: E[];
}

/** Fewer are shown one by one. */
const LEAST = 4;
/** How far around them nodes have to be alike. */
const ROUNDS = 3;

/**
 * Folds nodes that are alike, such as the 400 runs of a nightly job and the 400 versions that they made, into groups. Alike
 * are nodes of one type and state whose neighbours are alike in turn; an asset is like itself alone.
 */
export function collapse<N extends Drawn, E extends { from: string; to: string; relation: string }>(
  { nodes, edges }: Drawing<N, E>,
  keep: ReadonlySet<string> = new Set(),
): { nodes: { node: N; members: string[] }[]; edges: E[] } {
  const groups = grouped(nodes, colouring(nodes, edges, keep)).flatMap((members) =>
    members.length < LEAST ? members.map((one) => [one]) : [members],
  );
  const standsFor = new Map<string, string>();
  const folded = groups.flatMap((members) => {
    const [node] = members;
    if (node === undefined) return [];
    for (const { key } of members) standsFor.set(key, node.key);
    return [{ node, members: members.map(({ key }) => key) }];
  });
  return { nodes: folded, edges: joined(edges, standsFor) };
}

function grouped<N extends Drawn>(nodes: readonly N[], colours: ReadonlyMap<string, string>): N[][] {
  const groups = new Map<string, N[]>();
  for (const node of nodes) {
    const colour = colours.get(node.key) ?? node.key;
    const members = groups.get(colour);
    if (members) members.push(node);
    else groups.set(colour, [node]);
  }
  return [...groups.values()];
}

function colouring(
  nodes: readonly Drawn[],
  edges: readonly { from: string; to: string; relation: string }[],
  keep: ReadonlySet<string>,
): Map<string, string> {
  let colours = new Map(nodes.map((node) => [node.key, firstColour(node, keep)]));
  const around = new Map<string, [string, string][]>();
  const note = (key: string, entry: [string, string]): void => {
    const list = around.get(key);
    if (list) list.push(entry);
    else around.set(key, [entry]);
  };
  for (const { from, to, relation } of edges) {
    note(from, [`>${relation}`, to]);
    note(to, [`<${relation}`, from]);
  }
  for (let round = 0; round < ROUNDS; round++) {
    const next = new Map<string, string>();
    for (const { key } of nodes) {
      const near = (around.get(key) ?? []).map(([way, other]) => `${way} ${colours.get(other) ?? ""}`);
      const distinct = [...new Set(near)].sort(byCodePoint);
      next.set(key, sha256(Buffer.from([colours.get(key) ?? "", ...distinct].join("\n"))));
    }
    colours = next;
  }
  return colours;
}

function firstColour(
  { key, type, kind, status = "", environment = "" }: Drawn,
  keep: ReadonlySet<string>,
): string {
  return type === "asset" || keep.has(key) ? key : [type, kind, status, environment].join("\n");
}

function joined<E extends { from: string; to: string; relation: string }>(
  edges: readonly E[],
  standsFor: ReadonlyMap<string, string>,
): E[] {
  const seen = new Map<string, E>();
  for (const edge of edges) {
    const [from, to] = [standsFor.get(edge.from), standsFor.get(edge.to)];
    if (from === undefined || to === undefined || (from === to && edge.from !== edge.to)) continue;
    const key = `${from}\n${to}\n${edge.relation}`;
    if (!seen.has(key)) seen.set(key, { ...edge, from, to });
  }
  return [...seen.values()];
}
