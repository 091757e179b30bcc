import { each, itemsOf, pairs, tainted, text, textsOf, UNKNOWN, unknown, type Value } from "./value.js";

const MAX_WIDTH = 1_000;

function first(values: readonly Value[], at = 0): string | undefined {
  const value = values[at];
  return value ? textsOf(value)[0] : undefined;
}

function joined(separator: Value, source: Value | undefined): Value {
  const items = source && itemsOf(source);
  if (!items || items.length > 65_536) return source ? unknown(source, separator) : UNKNOWN;
  const between = textsOf(separator).at(-1) ?? "";
  let options = [""];
  for (const [at, item] of items.entries()) {
    const texts = textsOf(item);
    if (texts.length === 0) return unknown(separator, ...items);
    const start = at === 0 ? "" : between;
    options = options.flatMap((option) => texts.map((one) => option + start + one)).slice(-8);
    if ((options[0]?.length ?? 0) > 1_000_000) return unknown(...items);
  }
  return tainted(text(...options), separator, ...items);
}

function swapCase(value: string): string {
  return value.replace(/[a-zA-Z]/g, (c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase()));
}

function strip(value: string, set: string | undefined, start: boolean, end: boolean): string {
  const characters = set ?? " \t\n\r\f\v";
  let [from, to] = [0, value.length];
  while (start && from < to && characters.includes(value[from] ?? "")) from++;
  while (end && to > from && characters.includes(value[to - 1] ?? "")) to--;
  return value.slice(from, to);
}

function split(value: Value, separator: string | undefined): Value {
  const [one] = textsOf(value);
  if (one === undefined) return unknown(value);
  const parts = separator ? one.split(separator) : one.split(/\s+/).filter(Boolean);
  return parts.length <= 10_000 ? { kind: "list", items: parts.map((part) => text(part)) } : UNKNOWN;
}

const PERCENT = /%(?:\((\w+)\))?[-+ #0]*\d{0,3}(?:\.\d{1,3})?([sdcrxXoiaufeEgG%])/g;
/** A text with more places to fill is not one that somebody wrote. */
const MOST_FILLED = 256;

/** `%s`, `%c` and the like, filled in order. */
export function percent(format: Value, given: Value): Value {
  const values = given.kind === "list" ? given.items : [given];
  return each(format, (template) => {
    let [made, from, at, count] = ["", 0, 0, 0];
    for (const { 0: whole, 1: key, 2: type = "", index } of template.matchAll(PERCENT)) {
      if (++count > MOST_FILLED) return undefined;
      const value = type === "%" || key !== undefined ? undefined : values[at++];
      const named = key === undefined ? value : lookUp(given, key);
      made += template.slice(from, index) + (type === "%" ? "%" : filled(named, type));
      from = index + whole.length;
    }
    return made + template.slice(from);
  });
}

function filled(value: Value | undefined, type: string): string {
  if (!value) return "";
  if (type === "c" && value.kind === "number") return String.fromCodePoint(clamp(value.value));
  if (/[xX]/.test(type) && value.kind === "number") return value.value.toString(16);
  return textsOf(value).at(-1) ?? "\ufffc";
}

function clamp(value: number): number {
  return Number.isInteger(value) && value >= 0 && value <= 0x10ffff ? value : 0xfffd;
}

function lookUp(map: Value, key: string): Value | undefined {
  if (map.kind !== "map") return undefined;
  return map.entries.find(([name]) => textsOf(name).includes(key))?.[1];
}

const BRACES = /\{\{|\}\}|\{(\w*)(?:![rsa])?(?::([^{}]{0,20}))?\}/g;

/** `'{0}{name}'.format(...)`. */
function braces(format: Value, positional: readonly Value[], named: ReadonlyMap<string, Value>): Value {
  return each(format, (template) => {
    let at = 0;
    return template.replace(BRACES, (whole, key: string | undefined, spec: string | undefined) => {
      if (key === undefined) return whole[0] ?? "";
      const index = key === "" ? at++ : Number(key);
      return filled(named.get(key) ?? positional[index], spec?.endsWith("c") ? "c" : "s");
    });
  });
}

type Method = (of: Value, positional: readonly Value[], named: ReadonlyMap<string, Value>) => Value;

const CASES: Readonly<Record<string, (text: string) => string>> = {
  lower: (value) => value.toLowerCase(),
  casefold: (value) => value.toLowerCase(),
  upper: (value) => value.toUpperCase(),
  swapcase: swapCase,
  capitalize: (value) => value.slice(0, 1).toUpperCase() + value.slice(1).toLowerCase(),
  title: (value) => value.toLowerCase().replace(/(^|[^a-z])([a-z])/g, (_, a, b) => a + b.toUpperCase()),
};

const same: Method = (of) => of;

/** Methods of strings that make strings, which code spelled in pieces is built with. */
export const METHODS: Readonly<Record<string, Method>> = {
  ...Object.fromEntries(
    Object.entries(CASES).map(([name, change]) => [name, (of: Value) => each(of, change)]),
  ),
  join: (of, [items]) => joined(of, items),
  format: (of, positional, named) => braces(of, positional, named),
  replace: (of, given) => {
    const [from, to] = [first(given), first(given, 1)];
    if (from === undefined || to === undefined) return unknown(of, ...given);
    return each(of, (value) => value.replaceAll(from, () => to));
  },
  strip: (of, given) => each(of, (value) => strip(value, first(given), true, true)),
  lstrip: (of, given) => each(of, (value) => strip(value, first(given), true, false)),
  rstrip: (of, given) => each(of, (value) => strip(value, first(given), false, true)),
  split: (of, given) => split(of, first(given)),
  rsplit: (of, given) => split(of, first(given)),
  removeprefix: (of, given) => each(of, (value) => cut(value, first(given) ?? "", true)),
  removesuffix: (of, given) => each(of, (value) => cut(value, first(given) ?? "", false)),
  zfill: (of, [width]) => each(of, (value) => value.padStart(widthOf(width), "0")),
  center: same,
  ljust: same,
  rjust: same,
  expandtabs: same,
  encode: same,
  decode: same,
  get: (of, [key]) => (of.kind === "map" && key ? itemAt(of, key) : unknown(of)),
  pop: (of, [key]) => itemAt(of, key ?? { kind: "number", value: -1 }),
  keys: (of) => (of.kind === "map" ? { kind: "list", items: of.entries.map(([key]) => key) } : unknown(of)),
  values: (of) =>
    of.kind === "map" ? { kind: "list", items: of.entries.map(([, value]) => value) } : unknown(of),
  items: (of) => (of.kind === "map" ? { kind: "list", items: of.entries.map(listed) } : unknown(of)),
  __str__: same,
  __add__: (of, [other]) => pairs(of, other ?? UNKNOWN, (a, b) => a + b),
  __mod__: (of, [other]) => percent(of, other ?? UNKNOWN),
  __getitem__: (of, [key]) => (key ? itemAt(of, key) : UNKNOWN),
};

function listed(items: readonly Value[]): Value {
  return { kind: "list", items };
}

function widthOf(value: Value | undefined): number {
  return value?.kind === "number" ? Math.min(MAX_WIDTH, Math.max(0, value.value)) : 0;
}

function cut(value: string, part: string, start: boolean): string {
  if (start) return value.startsWith(part) ? value.slice(part.length) : value;
  return value.endsWith(part) && part !== "" ? value.slice(0, -part.length) : value;
}

/** `value[key]`. */
export function itemAt(value: Value, key: Value): Value {
  if (value.kind === "map") {
    const found = value.entries.find(([name]) => textsOf(name).some((one) => textsOf(key).includes(one)));
    return found?.[1] ?? unknown(value);
  }
  if (key.kind !== "number") return unknown(value);
  const items = itemsOf(value);
  return items?.at(key.value) ?? unknown(value);
}

/** `value[start:stop:step]`. */
export function sliceOf(value: Value, bounds: readonly (Value | undefined)[]): Value {
  const items = itemsOf(value);
  if (!items || bounds.some((bound) => bound && bound.kind !== "number")) return unknown(value);
  const [start, stop, step = 1] = bounds.map((bound) => (bound?.kind === "number" ? bound.value : undefined));
  if (step === 0 || !Number.isInteger(step)) return unknown(value);
  const chosen = choose(items, start, stop, step);
  if (value.kind === "list") return { kind: "list", items: chosen };
  return tainted(text(chosen.map((item) => textsOf(item)[0] ?? "").join("")), value);
}

function choose(
  items: readonly Value[],
  start: number | undefined,
  stop: number | undefined,
  step: number,
): Value[] {
  const { length } = items;
  const bound = (at: number): number => (at < 0 ? at + length : at);
  const chosen: Value[] = [];
  if (step > 0) {
    const end = Math.min(length, bound(stop ?? length));
    for (let at = Math.max(0, bound(start ?? 0)); at < end; at += step) chosen.push(items[at] ?? UNKNOWN);
  } else {
    const end = stop === undefined ? -1 : bound(stop);
    const from = Math.min(length - 1, start === undefined ? length - 1 : bound(start));
    for (let at = from; at > end && at >= 0; at += step) chosen.push(items[at] ?? UNKNOWN);
  }
  return chosen;
}

export function reversed(value: Value): Value {
  return sliceOf(value, [undefined, undefined, { kind: "number", value: -1 }]);
}

export { joined };
