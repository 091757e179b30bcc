export { collapse, type Drawing, type Drawn } from "./collapse.js";
export type { FlowStep } from "./columns.js";
export type { Reading, Reference } from "./contribution.js";
export { edgesOf } from "./contribution.js";
export type { ColumnFlow, Contribution, Edge, Ends, Node, Relation } from "./graph.js";
export { DECLARED, RELATIONS } from "./graph.js";
export type { KeyParts, NodeType } from "./keys.js";
export {
  assetNode,
  causeOf,
  deploymentNode,
  externalNode,
  jobNode,
  keysMeant,
  NODE_TYPES,
  parseKey,
  runDigest,
  runNode,
} from "./keys.js";
export { assetNamespace, contributionOfEvent } from "./openlineage/contribute.js";
export { lineageEventOf, type Origin } from "./openlineage/emit.js";
export type { DatasetName, LineageDataset, LineageEvent, RunState } from "./openlineage/event.js";
export type { EventLimits } from "./openlineage/parse.js";
export { EVENT_LIMITS, parseLineageEvent } from "./openlineage/parse.js";
export type { Plan, PlanAlias, PlanDeployment, PlanInput, PlanNode } from "./plan.js";
export { containmentPlan } from "./plan.js";
export { tidy } from "./text.js";
export type { Direction, Neighbours, Reach, Reached, Step, TraceOptions } from "./trace.js";
export { trace } from "./trace.js";
