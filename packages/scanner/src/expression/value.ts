/** Where a value came from that the scanner does not know. */
export type Taint = "decoded" | "network" | "file" | "environment" | "input" | "socket" | "imported";

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

export function unknown(...values: (Value | Taint)[]): Value {
  const taints = new Set(
    values.flatMap((value) => (typeof value === "string" ? [value] : [...taintsOf(value)])),
  );
  return taints.size > 0 ? { kind: "unknown", taints } : UNKNOWN;
}

export function taintsOf(value: Value): ReadonlySet<Taint> {
  if (value.kind === "text" || value.kind === "unknown") return value.taints ?? NONE;
  if (value.kind === "list") return new Set(value.items.flatMap((item) => [...taintsOf(item)]));
  if (value.kind === "map") return new Set(value.entries.flatMap(([, item]) => [...taintsOf(item)]));
  return NONE;
}

const NONE: ReadonlySet<Taint> = new Set();

/** A value with the history of another. */
export function tainted(value: Value, ...from: (Value | Taint)[]): Value {
  const taints = new Set(from.flatMap((one) => (typeof one === "string" ? [one] : [...taintsOf(one)])));
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
