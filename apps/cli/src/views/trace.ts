import type { ContainmentPlan, Trace, TraceNode } from "@countersign/api";
import { shellWord } from "../place/subject.js";
import type { Session } from "../session.js";
import { counted } from "../terminal/progress.js";
import { type Safe, safe } from "../terminal/safe.js";
import { bold, dim, green, red, yellow } from "../terminal/style.js";

/** More lines than that nobody reads: JSON has all of them. */
const MOST_LINES = 300;
const MOST_SIBLINGS = 25;

/** The tree of shortest ways, each node where it was reached first. */
export function drawTrace(session: Session, trace: Trace): void {
  const { output } = session;
  const children = new Map<string, TraceNode[]>();
  for (const node of trace.nodes) {
    if (node.via === null) continue;
    const siblings = children.get(node.via);
    if (siblings) siblings.push(node);
    else children.set(node.via, [node]);
  }
  output.line(safe`${described(trace.origin)}${columnsOf(trace.nodes[0])}`);
  const left = { lines: MOST_LINES };
  for (const line of branches(trace.origin.key, "", children, left)) output.line(line);
  if (left.lines <= 0) output.line(safe`${dim("... the rest is in --output json")}`);
  output.line(safe``);
  output.line(safe`${bold(trace.direction === "down" ? "reached" : "came from")}  ${countsOf(trace.counts)}`);
  if (trace.truncated) output.warn(safe`countersign: this is not all of it; raise --limit`);
}

function* branches(
  key: string,
  indent: string,
  children: ReadonlyMap<string, TraceNode[]>,
  left: { lines: number },
): Generator<Safe> {
  const all = children.get(key) ?? [];
  const shown = all.slice(0, MOST_SIBLINGS);
  for (const [at, node] of shown.entries()) {
    if (left.lines-- <= 0) return;
    const last = at === all.length - 1;
    yield safe`${dim(`${indent}${last ? "└─ " : "├─ "}`)}${described(node)}${columnsOf(node)}`;
    yield* branches(node.key, `${indent}${last ? "   " : "│  "}`, children, left);
  }
  if (all.length > shown.length && left.lines-- > 0)
    yield safe`${dim(`${indent}└─ ... and ${all.length - shown.length} more`)}`;
}

type Described = Pick<
  TraceNode,
  "key" | "type" | "kind" | "label" | "environment" | "region" | "status" | "owner"
>;

function described(node: Described): Safe {
  const { key, type, kind, label, environment, region, status, owner } = node;
  const where = environment === undefined ? "" : ` in ${environment}/${region}`;
  const state = status === undefined ? safe`` : safe` ${coloured(status)}`;
  const whose = owner === undefined ? "" : ` (${owner})`;
  if (type === "asset") return safe`${kind} ${bold(label)}${whose}${state}`;
  if (type === "version") return safe`${kind || "version"} ${bold(label)} ${dim(key)}${state}`;
  if (type === "run") return safe`run ${bold(label)} ${dim(key)}`;
  if (type === "external") return safe`dataset ${bold(label)} ${dim(key)}`;
  return safe`${type} ${bold(label)}${where}${state}`;
}

const coloured = (status: string): Safe =>
  status === "contained" ? red(status) : status === "running" ? green(status) : yellow(status);

const columnsOf = (node: TraceNode | undefined): Safe =>
  node?.columns === undefined ? safe`` : safe` ${dim(`columns: ${node.columns.join(", ")}`)}`;

function countsOf(counts: Trace["counts"]): string {
  const parts = Object.entries(counts)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([type, count]) => counted(count, type === "external" ? "external dataset" : type));
  return parts.length === 0 ? "nothing" : parts.join(", ");
}

/** What containing would touch, for a person who is about to decide. */
export function drawPlan(session: Session, plan: ContainmentPlan): void {
  const { output } = session;
  const fresh = plan.versions.filter(({ contained }) => !contained);
  const already = plan.versions.length - fresh.length;
  const note = already === 0 ? "" : ` (${counted(already, "other")} contained already)`;
  output.line(safe`${bold("block")}   ${counted(fresh.length, "version")}${note}`);
  for (const { artifact, kind, name, owner } of fresh.slice(0, MOST_SIBLINGS)) {
    output.line(
      safe`          ${kind || "version"} ${bold(name)} ${artifact}${owner === "" ? "" : ` (${owner})`}`,
    );
  }
  more(session, fresh.length);
  output.line(safe`${bold("stop")}    ${counted(plan.deployments.length, "running deployment")}`);
  for (const { name, environment, region } of plan.deployments.slice(0, MOST_SIBLINGS))
    output.line(safe`          ${bold(name)} in ${environment}/${region}`);
  more(session, plan.deployments.length);
  output.line(
    safe`${bold("unset")}   ${counted(plan.aliases.length, "alias or promotion", "aliases and promotions")}`,
  );
  for (const { name, alias } of plan.aliases.slice(0, MOST_SIBLINGS))
    output.line(safe`          ${bold(name)} ${alias}`);
  more(session, plan.aliases.length);
  output.line(
    safe`${bold("touched")} ${counted(plan.systems.length, "system or endpoint", "systems and endpoints")}, ${counted(plan.runs.length, "run")}`,
  );
  for (const { kind, name, owner } of plan.systems.slice(0, MOST_SIBLINGS))
    output.line(safe`          ${kind} ${bold(name)}${owner === "" ? "" : ` (${owner})`}`);
  more(session, plan.systems.length);
  if (plan.owners.length > 0) output.line(safe`${bold("tell")}    ${plan.owners.join(", ")}`);
}

function more({ output }: Session, count: number): void {
  if (count > MOST_SIBLINGS) output.line(safe`          ${dim(`... and ${count - MOST_SIBLINGS} more`)}`);
}

export const containCommand = (subject: string, only = false): string =>
  `countersign contain ${shellWord(subject)}${only ? " --only" : ""} --reason WHY`;
