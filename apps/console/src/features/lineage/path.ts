import { type Net, neighboursOf, reach } from "../../shared/graph/reach.js";
import type { Shown } from "./collapse.js";

export interface Path {
  /** What the node came from, and what it reached. */
  up: Set<string>;
  down: Set<string>;
  /** Of each box: how many of its members lie on the path. */
  boxes: Map<string, number>;
}

/** Everything that leads to a node and from it. */
export const pathOf = (graph: Net, shown: Shown, key: string): Path => {
  const { into, out } = neighboursOf(graph.edges);
  const [up, down] = [reach(key, into), reach(key, out)];
  const boxes = new Map(shown.items.map(({ id }) => [id, 0]));
  for (const on of new Set([key, ...up, ...down])) {
    const box = shown.itemOf.get(on);
    if (box !== undefined) boxes.set(box, (boxes.get(box) ?? 0) + 1);
  }
  return { up, down, boxes };
};
