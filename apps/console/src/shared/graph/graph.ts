/** A node of the lineage graph as the server tells it. */
export interface GraphNode {
  key: string;
  type: string;
  kind: string;
  name: string;
  label: string;
  at: number;
  environment?: string;
  status?: string;
}

export interface GraphEdge {
  from: string;
  to: string;
  relation: string;
}

export interface Graph {
  nodes: GraphNode[];
  edges: GraphEdge[];
}
