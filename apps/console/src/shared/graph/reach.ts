import type { Graph, GraphEdge } from "@countersign/api";

/** Nodes and edges, wherever they come from. */
export type Net = Pick<Graph, "nodes" | "edges">;

export interface Neighbours {
  into: Map<string, string[]>;
  out: Map<string, string[]>;
}

const push = (map: Map<string, string[]>, key: string, value: string): void => {
  const held = map.get(key);
  if (held === undefined) map.set(key, [value]);
  else held.push(value);
};

export const neighboursOf = (edges: GraphEdge[]): Neighbours => {
  const into = new Map<string, string[]>();
  const out = new Map<string, string[]>();
  for (const { from, to } of edges) {
    push(out, from, to);
    push(into, to, from);
  }
  return { into, out };
};

/** Everything that a walk along `next` finds, without the start itself; a cycle ends where it began. */
export const reach = (start: string, next: Map<string, string[]>): Set<string> => {
  const found = new Set<string>();
  const waiting = [start];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    for (const key of next.get(at) ?? []) {
      if (key === start || found.has(key)) continue;
      found.add(key);
      waiting.push(key);
    }
  }
  return found;
};
