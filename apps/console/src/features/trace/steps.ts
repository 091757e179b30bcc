import type { GraphNode, Trace, TraceNode } from "@countersign/api";
import { neighboursOf } from "../../shared/graph/reach.js";

export type StepKey = "origin" | "runs" | "models" | "deployments" | "systems";

export interface Step {
  key: StepKey;
  nodes: TraceNode[];
  /** Of these: running, contained. */
  running: number;
  contained: number;
}

export interface Flow {
  from: StepKey;
  to: StepKey;
  count: number;
}

const ORDER: readonly StepKey[] = ["origin", "runs", "models", "deployments", "systems"];
const RESTING = new Set(["System", "Endpoint", "Service"]);

/** Which act of the story a reached node belongs to; other datasets and documents are told with the models. */
const stepOf = (node: TraceNode, origin: GraphNode): StepKey | undefined => {
  const { type, kind, depth } = node;
  // A dataset's own versions are what is bad, not what was made from it.
  const own = type === "version" && kind === origin.kind && node.name === origin.name;
  if (depth === 0 || (own && origin.type === "asset")) return "origin";
  if (type === "run" || type === "job") return "runs";
  if (type === "deployment") return "deployments";
  if (type === "asset" && RESTING.has(kind)) return "systems";
  return type === "version" || type === "external" ? "models" : undefined;
};

/** The trace as a story in steps, in the order in which harm spreads. */
export const stepsOf = ({ nodes, origin }: Trace): Step[] =>
  ORDER.map((key) => {
    const own = nodes.filter((node) => stepOf(node, origin) === key);
    return {
      key,
      nodes: own,
      running: own.filter(({ status }) => status === "running").length,
      contained: own.filter(({ status }) => status === "contained").length,
    };
  });

/** How much flows from step to step: edges, with what lies between two steps (an asset's own node) passed through. */
export const flowsOf = ({ nodes, edges, origin }: Trace): Flow[] => {
  const steps = new Map(nodes.map((node) => [node.key, stepOf(node, origin)]));
  const { out } = neighboursOf(edges);
  const counts = new Map<string, Flow>();
  const add = (from: StepKey, to: StepKey): void => {
    if (ORDER.indexOf(to) <= ORDER.indexOf(from)) return;
    const flow = counts.get(`${from} ${to}`) ?? { from, to, count: 0 };
    flow.count += 1;
    counts.set(`${from} ${to}`, flow);
  };
  for (const { from, to } of edges) {
    const [one, other] = [steps.get(from), steps.get(to)];
    if (one === undefined) continue;
    if (other !== undefined) add(one, other);
    else
      for (const next of out.get(to) ?? []) {
        const beyond = steps.get(next);
        if (beyond !== undefined) add(one, beyond);
      }
  }
  return [...counts.values()];
};
