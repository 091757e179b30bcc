/** Where a value came from that the scanner does not know. */
export type Taint =
  | "decoded"
  | "network"
  | "file"
  | "environment"
  | "input"
  | "socket"
  | "imported"
  | "modules"
  | "computed";

/** What an expression may be, as far as it can be told without running it. */
export type Value =
  | { kind: "text"; options: readonly string[]; taints?: ReadonlySet<Taint> }
  | { kind: "number"; value: number }
  | { kind: "list"; items: readonly Value[] }
  | { kind: "map"; entries: readonly (readonly [Value, Value])[] }
  /** Something that a dotted name reaches. */
  | { kind: "path"; path: string }
  | { kind: "unknown"; taints?: ReadonlySet<Taint> };

export const UNKNOWN: Value = { kind: "unknown" };
const MAX_OPTIONS = 16;
const MAX_TEXT = 256 * 1024;
const LONG = 4_096;

export function text(...options: string[]): Value {
  const kept = [...new Set(options)].filter(({ length }) => length <= MAX_TEXT).slice(-MAX_OPTIONS);
  return kept.length > 0 ? { kind: "text", options: kept } : UNKNOWN;
}

/** Deeper lists and maps than anybody writes, which each look at one would go through. */
const DEEPEST = 48;
const depths = new WeakMap<Value, number>();

/** A list or a map; what is nested too deep is unknown. */
export function nested<T extends Extract<Value, { kind: "list" | "map" }>>(value: T): T | Value {
  let depth = 0;
  const items = value.kind === "list" ? value.items : value.entries.map(([, item]) => item);
  for (const item of items)
    if (item.kind === "list" || item.kind === "map") depth = Math.max(depth, depths.get(item) ?? 1);
  if (depth >= DEEPEST) return unknown(...items);
  if (depth > 0) depths.set(value, depth + 1);
  return value;
}

export function unknown(...values: (Value | Taint)[]): Value {
  const taints = taintsOfAll(values);
  return taints.size > 0 ? { kind: "unknown", taints } : UNKNOWN;
}

export function taintsOf(value: Value): ReadonlySet<Taint> {
  if (value.kind === "text" || value.kind === "unknown") return value.taints ?? NONE;
  return value.kind === "list" || value.kind === "map" ? taintsOfAll([value]) : NONE;
}

const NONE: ReadonlySet<Taint> = new Set();

function taintsOfAll(values: readonly (Value | Taint)[]): ReadonlySet<Taint> {
  let taints: Set<Taint> | undefined;
  for (const value of leavesOf(values)) {
    if (typeof value === "string") taints = (taints ?? new Set()).add(value);
    else if ((value.kind === "text" || value.kind === "unknown") && value.taints) {
      taints ??= new Set();
      for (const taint of value.taints) taints.add(taint);
    }
  }
  return taints ?? NONE;
}

/** The values and what their lists and maps hold, each list once: `a=[a,a]` repeated holds itself more often than can be counted. */
export function* leavesOf<T extends string>(values: readonly (Value | T)[]): Generator<Value | T> {
  const seen = new Set<Value>();
  const queue: (readonly (Value | T)[])[] = [values];
  for (let items = queue.pop(); items; items = queue.pop()) {
    for (const item of items) {
      if (typeof item === "string" || (item.kind !== "list" && item.kind !== "map")) yield item;
      else if (!seen.has(item)) {
        seen.add(item);
        queue.push(item.kind === "list" ? item.items : item.entries.map(([, value]) => value));
      }
    }
  }
}

/** A value with the history of another. */
export function tainted(value: Value, ...from: (Value | Taint)[]): Value {
  const taints = taintsOfAll(from);
  if (taints.size === 0) return value;
  if (value.kind === "text") return { ...value, taints: new Set([...taints, ...taintsOf(value)]) };
  return value.kind === "unknown" ? { kind: "unknown", taints } : value;
}

export function textsOf(value: Value): readonly string[] {
  if (value.kind === "text") return value.options;
  return value.kind === "number" ? [String(value.value)] : [];
}

/** Applies a function to every pair of possible texts. */
export function pairs(left: Value, right: Value, combine: (a: string, b: string) => string): Value {
  const [first, second] = [textsOf(left), textsOf(right)];
  if (first.length === 0 || second.length === 0) return unknown(left, right);
  const long = (first.at(-1)?.length ?? 0) + (second.at(-1)?.length ?? 0) > LONG;
  const most = long ? -1 : -8;
  const all = first.slice(most).flatMap((a) => second.slice(most).map((b) => combine(a, b)));
  return tainted(text(...all), left, right);
}

export function each(value: Value, change: (text: string) => string | undefined): Value {
  if (value.kind !== "text") return unknown(value);
  const changed = value.options.map(change).filter((one): one is string => one !== undefined);
  return tainted(text(...changed), value);
}

/** Either of two values. */
export function either(first: Value, second: Value): Value {
  if (first === second) return first;
  if (first.kind === "text" && second.kind === "text") {
    return tainted(text(...first.options, ...second.options), first, second);
  }
  // What is known says more than what is not: an alarm needs one way only.
  if (first.kind === "unknown") return tainted(second, first);
  return second.kind === "unknown" ? tainted(first, second) : second;
}

/** What a loop over the value goes through; undefined when that is not known. */
export function itemsOf(value: Value): readonly Value[] | undefined {
  if (value.kind === "list") return value.items;
  if (value.kind === "map") return value.entries.map(([key]) => key);
  if (value.kind === "text" && value.options.length === 1) {
    const [one = ""] = value.options;
    return one.length <= 65_536 ? [...one].map((character) => text(character)) : undefined;
  }
  return undefined;
}
