import { countOf, Dict, isNotable, isObject, KEPT_ITEMS, Opaque, Sequence, type Value } from "./value.js";

/** So many values right above a mark stay: a container keeps no more of them. */
const FIRST = 2 * KEPT_ITEMS;
/** So many values on top stay: nothing that a pickler writes takes more off one by one. */
const LAST = 4096;
/** So many values are let go at once. */
const MIDDLE = 4096;

interface Thinned {
  /** Below this nothing is left to be let go. */
  thinned: number;
  top: number;
  /** Containers that were let go with what they held. */
  containers: number;
}

/** Where the middle of the stack begins when it is long enough to be thinned. */
export function middle(fence: number, thinned: number, top: number): number | undefined {
  const from = Math.max(fence + FIRST, thinned);
  return top - from > LAST + MIDDLE ? from : undefined;
}

/**
 * Lets go of plain values in the middle of a stack: millions of them wait there for one APPENDS, and the container
 * keeps only its first ones. A `dropped` value stands for as many as were there, so that the rest keeps its place.
 */
export function thin(stack: Value[], from: number, top: number): Thinned {
  const end = top - LAST;
  let to = from;
  let lost = 0;
  let containers = 0;
  for (let at = from; at < end; at++) {
    const value = stack[at] ?? null;
    if (value instanceof Dict) {
      lost++;
      containers += weigh(value, 8);
    } else if (isNotable(value) || (typeof value === "string" && value.startsWith("__"))) {
      if (lost > 0) stack[to++] = new Opaque("dropped", lost);
      lost = 0;
      stack[to++] = value;
    } else {
      lost += countOf(value);
      containers += weigh(value, 8);
    }
  }
  if (lost > 0) stack[to++] = new Opaque("dropped", lost);
  const thinned = to;
  for (let at = end; at < top; at++) stack[to++] = stack[at] ?? null;
  stack.length = to;
  return { thinned, top: to, containers };
}

function weigh(value: Value, depth: number): number {
  if (!(value instanceof Sequence || value instanceof Dict)) return 0;
  let sum = 1;
  if (depth > 0) for (const item of value.items) if (isObject(item)) sum += weigh(item, depth - 1);
  return sum;
}
