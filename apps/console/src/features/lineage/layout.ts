import { layout as arrange, graphlib } from "@dagrejs/dagre";

export interface Box {
  id: string;
  width: number;
  height: number;
}

export interface Line {
  from: string;
  to: string;
}

interface Point {
  x: number;
  y: number;
}

export interface Layout {
  width: number;
  height: number;
  /** Middles of the boxes. */
  boxes: Record<string, Point>;
  lines: (Line & { points: Point[] })[];
}

/** Layers from left to right, as influence flows. */
export const layout = (boxes: Box[], lines: Line[]): Layout => {
  const graph = new graphlib.Graph();
  graph.setGraph({ rankdir: "LR", nodesep: 18, ranksep: 42, edgesep: 10, marginx: 24, marginy: 24 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id, width, height } of boxes) graph.setNode(id, { width, height });
  for (const { from, to } of lines) graph.setEdge(from, to);
  arrange(graph);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return {
    width,
    height,
    boxes: Object.fromEntries(
      boxes.map(({ id }) => {
        const { x, y } = graph.node(id) as unknown as Point;
        return [id, { x, y }];
      }),
    ),
    lines: lines.map(({ from, to }) => ({
      from,
      to,
      points: (graph.edge(from, to) as unknown as { points: Point[] }).points.map(({ x, y }) => ({ x, y })),
    })),
  };
};
