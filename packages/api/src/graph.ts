import { type Static, Type } from "typebox";
import { LAST_MILLIS, Millis, nullable, Subject } from "./common.js";

/** Traces of the gateway will be one more type. `group` stands for many alike. */
export const NodeType = Type.Enum(["asset", "version", "run", "job", "deployment", "external", "group"]);
export type NodeType = Static<typeof NodeType>;

/** Edges point the way data and influence flow. */
export const Relation = Type.Enum([
  "version",
  "input",
  "base",
  "output",
  "deployed",
  "part",
  "serves",
  "uses",
  "derived",
  "same",
  "supplied",
  "owned",
  "of",
]);
export type Relation = Static<typeof Relation>;

/**
 * `asset:Kind/name`, `sha256:...` (a version), `run:id`, `job:namespace/name`, `deployment:environment/region/name`,
 * `external:namespace/name` (a dataset that only events speak of).
 */
const NodeKey = Type.String({ minLength: 1, maxLength: 2_200 });

export const GraphNode = Type.Object({
  key: NodeKey,
  type: NodeType,
  kind: Type.String({ description: "kind of the asset that it is or is a version of; empty if unknown" }),
  name: Type.String(),
  label: Type.String({ description: "short, for people" }),
  at: Millis,
  environment: Type.Optional(Type.String()),
  region: Type.Optional(Type.String()),
  owner: Type.Optional(Type.String()),
  status: Type.Optional(
    Type.Enum(["contained", "running", "stopped", "dangling", "deleted"], {
      description: "dangling: something refers to it and nobody declared it",
    }),
  ),
  members: Type.Optional(Type.Integer({ description: "how many a group stands for" })),
});
export type GraphNode = Static<typeof GraphNode>;

export const ColumnFlow = Type.Object({
  to: Type.String({ description: "column of the output; `*` is every one" }),
  from: Type.Array(Type.Object({ node: NodeKey, field: Type.String() })),
});
export type ColumnFlow = Static<typeof ColumnFlow>;

export const GraphEdge = Type.Object({
  from: NodeKey,
  to: NodeKey,
  relation: Relation,
  columns: Type.Optional(Type.Array(ColumnFlow)),
});
export type GraphEdge = Static<typeof GraphEdge>;

const Depth = Type.Integer({ minimum: 1, maximum: 64 });
const At = Type.Integer({
  minimum: 0,
  maximum: LAST_MILLIS,
  description: "as it was then, by the log's time (milliseconds)",
});

/** Without a focus: the newest nodes. */
export const GraphQuery = Type.Object({
  focus: Type.Optional(Subject),
  direction: Type.Optional(Type.Enum(["down", "up", "both"])),
  depth: Type.Optional(Depth),
  at: Type.Optional(At),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 20_000, description: "most nodes" })),
  collapse: Type.Optional(Type.Boolean({ description: "fold nodes that are alike into groups" })),
});
export type GraphQuery = Static<typeof GraphQuery>;

export const Graph = Type.Object({
  nodes: Type.Array(GraphNode),
  edges: Type.Array(GraphEdge),
  truncated: Type.Boolean({ description: "there is more than `limit` allowed" }),
  at: nullable(Millis),
});
export type Graph = Static<typeof Graph>;

export const TraceQuery = Type.Object({
  subject: Subject,
  direction: Type.Optional(Type.Enum(["down", "up"])),
  at: Type.Optional(At),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000, description: "most nodes" })),
  column: Type.Optional(
    Type.String({
      maxLength: 512,
      description: "follow one column of the dataset, where events name columns",
    }),
  ),
});
export type TraceQuery = Static<typeof TraceQuery>;

/** `via` is the node that it was first reached from: following it leads to the origin on a shortest path. */
export const TraceNode = Type.Object({
  ...GraphNode.properties,
  depth: Type.Integer(),
  via: nullable(NodeKey),
  columns: Type.Optional(
    Type.Array(Type.String(), { description: "what of it was reached, when a column was asked for" }),
  ),
});
export type TraceNode = Static<typeof TraceNode>;

export const PlanVersion = Type.Object({
  artifact: Type.String(),
  kind: Type.String(),
  name: Type.String(),
  owner: Type.String(),
  depth: Type.Integer(),
  contained: Type.Boolean({ description: "it is contained already" }),
});
export type PlanVersion = Static<typeof PlanVersion>;

export const PlanDeployment = Type.Object({
  key: NodeKey,
  name: Type.String(),
  environment: Type.String(),
  region: Type.String(),
  artifact: Type.String(),
});
export type PlanDeployment = Static<typeof PlanDeployment>;

export const PlanAlias = Type.Object({
  name: Type.String({ description: "the model" }),
  alias: Type.String({ description: "an alias, or the environment that it was promoted to" }),
  environment: Type.String(),
  artifact: Type.String(),
});
export type PlanAlias = Static<typeof PlanAlias>;

const PlanPart = Type.Object({
  key: NodeKey,
  kind: Type.String(),
  name: Type.String(),
  owner: Type.String(),
});

/** What containing would touch: versions are denied at every gate; the rest is for people to act on. */
export const ContainmentPlan = Type.Object({
  versions: Type.Array(PlanVersion),
  deployments: Type.Array(PlanDeployment, { description: "running ones" }),
  aliases: Type.Array(PlanAlias),
  systems: Type.Array(PlanPart, { description: "systems, endpoints and services that rest on it" }),
  runs: Type.Array(NodeKey),
  owners: Type.Array(Type.String()),
});
export type ContainmentPlan = Static<typeof ContainmentPlan>;

export const Trace = Type.Object({
  origin: GraphNode,
  direction: Type.Enum(["down", "up"]),
  nodes: Type.Array(TraceNode, { description: "nearest first; the origin is the first" }),
  edges: Type.Array(GraphEdge, {
    description: "all between the nearest 2,000 nodes; of the others the first way",
  }),
  counts: Type.Record(Type.String(), Type.Integer(), { description: "reached nodes by type" }),
  plan: ContainmentPlan,
  truncated: Type.Boolean(),
  at: nullable(Millis),
});
export type Trace = Static<typeof Trace>;
