import type { GraphEdge, GraphNode, Relation } from "@countersign/api";
import { DECLARED, RELATIONS, type Step } from "@countersign/lineage";
import type { NodeRow } from "./graph-store.js";

/** What the tables of states say of nodes. */
export interface States {
  contained: ReadonlySet<string>;
  running: ReadonlySet<string>;
  /** Assets that no document declares and no version is of. */
  dangling: ReadonlySet<string>;
}

const RELATION = new Map(Object.entries(RELATIONS).map(([name, code]) => [code as number, name as Relation]));

export function nodeView(row: NodeRow, states: States): GraphNode {
  const { key, type, kind, name, at, environment, region, owner } = row;
  const status = statusOf(row, states);
  return {
    key,
    type: type as GraphNode["type"],
    kind,
    name,
    label: labelOf(row),
    at,
    ...(environment === null ? {} : { environment }),
    ...(region === null ? {} : { region }),
    ...(owner === null || owner === "" ? {} : { owner }),
    ...(status === undefined ? {} : { status }),
  };
}

/** Short, and never empty. */
function labelOf({ key, type, name }: NodeRow): string {
  const digest = key.slice("sha256:".length, "sha256:".length + 8);
  if (type === "version") return name === "" ? digest : `${name}@${digest}`;
  if (type === "run") return name === "" ? key.slice("run:".length, "run:".length + 8) : name;
  return name === "" ? key : name;
}

function statusOf(
  { key, type, declared }: NodeRow,
  { contained, running, dangling }: States,
): GraphNode["status"] {
  if (type === "version") return contained.has(key) ? "contained" : undefined;
  if (type === "deployment") return running.has(key) ? "running" : "stopped";
  if (type === "asset" && declared === false) return "deleted";
  return dangling.has(key) ? "dangling" : undefined;
}

export function edgeView({ from, to, relation }: Step, rows: ReadonlyMap<number, NodeRow>): GraphEdge[] {
  const [a, b, name] = [rows.get(from), rows.get(to), RELATION.get(relation % DECLARED)];
  return a === undefined || b === undefined || name === undefined
    ? []
    : [{ from: a.key, to: b.key, relation: name }];
}
