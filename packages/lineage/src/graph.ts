import type { NodeType } from "./keys.js";

/** Numbers are what the tables hold, so none may ever change its meaning. */
export const RELATIONS = {
  version: 1,
  input: 2,
  base: 3,
  output: 4,
  deployed: 5,
  part: 6,
  serves: 7,
  uses: 8,
  derived: 9,
  same: 10,
  supplied: 11,
  owned: 12,
  /** A version to its asset: how a trace of one version names its asset without reaching the asset's other versions. */
  of: 13,
} as const;
export type Relation = keyof typeof RELATIONS;

/** Added to the number of a relation that a document declares, and nothing recorded. */
export const DECLARED = 64;

export interface ColumnFlow {
  /** Column of the output; `*` is every one. */
  to: string;
  from: { node: string; field: string }[];
}

export interface Node {
  key: string;
  type: NodeType;
  kind: string;
  name: string;
  environment?: string;
  region?: string;
  owner?: string;
  /** A document of the inventory says that it is there (true) or no longer (false). */
  declared?: boolean;
}

export interface Edge {
  from: string;
  to: string;
  relation: Relation;
  /** A document says so. */
  declared?: boolean;
  columns?: ColumnFlow[];
}

/** All that the document of `node` declared before (with ties to the names that events use), or that `from` runs as `to`. */
export type Ends = { node: string; ties: boolean } | { from: string; to: string };

/** What one statement adds to the graph. */
export interface Contribution {
  nodes: Node[];
  edges: Edge[];
  /** Edges that end because of it. */
  ends?: Ends;
  /** Names under which a node that others speak of may be an asset of the inventory. */
  names?: { node: string; name: string }[];
  /** Names that a declared dataset answers to. */
  answers?: { node: string; name: string }[];
}
