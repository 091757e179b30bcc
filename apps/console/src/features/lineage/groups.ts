import type { GraphNode } from "@countersign/api";
import type { Net } from "../../shared/graph/reach.js";
import { neighboursOf } from "../../shared/graph/reach.js";

/** Nodes that are shown as one: of one type and asset, or of one type with the same neighbours. */
export interface Group {
  id: string;
  name: string;
  members: GraphNode[];
}

/** All groups of one type and kind. */
export interface Family {
  id: string;
  type: string;
  kind: string;
  groups: Group[];
  size: number;
}

const familyOf = ({ type, kind }: GraphNode): string => `${type}|${kind}`;
const ownGroup = (node: GraphNode): string => `${familyOf(node)}|${node.name}`;

const add = <T>(map: Map<string, T[]>, key: string, value: T): void => {
  const held = map.get(key);
  if (held === undefined) map.set(key, [value]);
  else held.push(value);
};

/** Runs have names of their own: those that read and made the same belong together all the same. */
const likeGroup = (graph: Net, own: Map<string, GraphNode[]>): ((node: GraphNode) => string) => {
  const { into, out } = neighboursOf(graph.edges);
  const groupOf = new Map(graph.nodes.map((node) => [node.key, ownGroup(node)]));
  const around = (keys: string[] = []): string =>
    [...new Set(keys.map((key) => groupOf.get(key) ?? key))].sort().join(" ");
  return (node) => {
    const alone = (own.get(ownGroup(node))?.length ?? 0) < 2;
    if (!alone) return ownGroup(node);
    return `${familyOf(node)}|~ ${around(into.get(node.key))} > ${around(out.get(node.key))}`;
  };
};

/** The whole graph in groups, whatever is shown of them. */
export const familiesOf = (graph: Net): Family[] => {
  const own = new Map<string, GraphNode[]>();
  for (const node of graph.nodes) add(own, ownGroup(node), node);
  const groupOf = likeGroup(graph, own);
  const grouped = new Map<string, GraphNode[]>();
  for (const node of graph.nodes) add(grouped, groupOf(node), node);
  const families = new Map<string, Family>();
  for (const [id, members] of grouped) {
    const [first] = members;
    if (first === undefined) continue;
    const family = families.get(familyOf(first)) ?? {
      id: familyOf(first),
      type: first.type,
      kind: first.kind,
      groups: [],
      size: 0,
    };
    const same = members.every(({ name }) => name === first.name);
    family.groups.push({ id, name: same ? first.name : "", members });
    family.size += members.length;
    families.set(family.id, family);
  }
  return [...families.values()];
};
