import type { Graph } from "@countersign/api";
import { nodeName } from "../../shared/graph/words.js";

/** Of each column of a node, the columns that events say it was made from. */
export const flowsInto = ({ nodes, edges }: Graph, key: string): [string, string[]][] => {
  const names = new Map(nodes.map((node) => [node.key, nodeName(node)]));
  const flows = new Map<string, Set<string>>();
  for (const edge of edges) {
    if (edge.to !== key) continue;
    for (const { to, from } of edge.columns ?? []) {
      const held = flows.get(to) ?? new Set();
      for (const { node, field } of from) held.add(`${names.get(node) ?? node}.${field}`);
      flows.set(to, held);
    }
  }
  return [...flows]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([column, sources]) => [column, [...sources].sort()]);
};
