import type { AssetKind } from "@countersign/facts";
import type { Reference } from "./references.js";

/** An asset and what it refers to, as concentration and cycles see it. */
export interface AssetNode {
  kind: AssetKind;
  name: string;
  references: readonly Reference[];
}

export const nodeKey = ({ kind, name }: { kind: string; name: string }): string => `${kind}:${name}`;

/** Relations by which an asset rests on another. The rest say what could take its place, or what is allowed. */
const NEEDS: readonly string[] = ["base", "derived", "input", "owned", "part", "serves", "supplied", "uses"];

export const needs = ({ references }: AssetNode): readonly Reference[] =>
  references.filter(({ relation }) => NEEDS.includes(relation));

/**
 * Circles of assets that rest on each other, each once, as names in the order of reference. Tarjan's algorithm without
 * recursion: a chain of references may be longer than the stack.
 */
export function findCycles(nodes: readonly AssetNode[]): string[][] {
  const targets = new Map(nodes.map((node) => [nodeKey(node), needs(node).map(nodeKey)]));
  return components(targets).flatMap((component) => {
    const [first = ""] = component;
    if (component.length === 1 && !targets.get(first)?.includes(first)) return [];
    return [wayAround(new Set(component), targets)];
  });
}

interface Visit {
  key: string;
  next: number;
}

function components(targets: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const onStack = new Set<string>();
  const found: string[][] = [];
  const enter = (key: string): Visit => {
    order.set(key, order.size);
    low.set(key, order.get(key) ?? 0);
    stack.push(key);
    onStack.add(key);
    return { key, next: 0 };
  };
  const lower = (key: string, to: number): void => void low.set(key, Math.min(low.get(key) ?? 0, to));
  const leave = (key: string): void => {
    if (low.get(key) !== order.get(key)) return;
    const component = stack.splice(stack.lastIndexOf(key));
    for (const member of component) onStack.delete(member);
    found.push(component);
  };
  const step = (visits: Visit[], visit: Visit): void => {
    const target = targets.get(visit.key)?.[visit.next++];
    if (target === undefined) {
      visits.pop();
      leave(visit.key);
      const parent = visits.at(-1);
      if (parent !== undefined) lower(parent.key, low.get(visit.key) ?? 0);
    } else if (!order.has(target) && targets.has(target)) visits.push(enter(target));
    else if (onStack.has(target)) lower(visit.key, order.get(target) ?? 0);
  };
  for (const key of targets.keys()) {
    if (order.has(key)) continue;
    const visits = [enter(key)];
    for (let visit = visits.at(-1); visit !== undefined; visit = visits.at(-1)) step(visits, visit);
  }
  return found;
}

/** One shortest way from the first name back to it, within a component. */
function wayAround(
  component: ReadonlySet<string>,
  targets: ReadonlyMap<string, readonly string[]>,
): string[] {
  const [start = ""] = [...component].sort();
  const cameFrom = new Map<string, string>();
  const queue = [start];
  // The queue grows while it is walked.
  for (const at of queue) {
    for (const target of targets.get(at) ?? []) {
      if (target === start) return wayTo(at, start, cameFrom);
      if (!component.has(target) || cameFrom.has(target)) continue;
      cameFrom.set(target, at);
      queue.push(target);
    }
  }
  return [start];
}

function wayTo(last: string, start: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const way = [last];
  for (let at = last; at !== start; ) {
    at = cameFrom.get(at) ?? start;
    way.push(at);
  }
  return way.reverse();
}
