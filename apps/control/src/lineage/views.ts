import type { GraphEdge, GraphNode, Relation } from "@countersign/api";
import { DECLARED, RELATIONS, type Step } from "@countersign/lineage";
import type { NodeRow } from "./graph-store.js";

const RELATION = new Map(Object.entries(RELATIONS).map(([name, code]) => [code as number, name as Relation]));

// Written out rather than spread: a trace makes ten thousand of these.
export function nodeView(row: NodeRow): GraphNode {
  const { key, type, kind, name, at, environment, region, owner } = row;
  const node: GraphNode = { key, type: type as GraphNode["type"], kind, name, label: labelOf(row), at };
  if (environment !== null) node.environment = environment;
  if (region !== null) node.region = region;
  if (owner !== null && owner !== "") node.owner = owner;
  const status = statusOf(row);
  if (status !== undefined) node.status = status;
  return node;
}

/** Short, and never empty. */
function labelOf({ key, type, name }: NodeRow): string {
  const digest = key.slice("sha256:".length, "sha256:".length + 8);
  if (type === "version") return name === "" ? digest : `${name}@${digest}`;
  if (type === "run") return name === "" ? key.slice("run:".length, "run:".length + 8) : name;
  return name === "" ? key : name;
}

function statusOf({ type, declared, marked }: NodeRow): GraphNode["status"] {
  if (type === "deployment") return marked ? "running" : "stopped";
  if (type === "version") return marked ? "contained" : undefined;
  if (type !== "asset") return undefined;
  if (declared === false) return "deleted";
  return marked ? "dangling" : undefined;
}

export function edgeView({ from, to, relation }: Step, rows: ReadonlyMap<number, NodeRow>): GraphEdge[] {
  const [a, b, name] = [rows.get(from), rows.get(to), RELATION.get(relation % DECLARED)];
  return a === undefined || b === undefined || name === undefined
    ? []
    : [{ from: a.key, to: b.key, relation: name }];
}
