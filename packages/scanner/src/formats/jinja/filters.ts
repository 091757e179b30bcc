import { joined, METHODS, percent, reversed } from "../../expression/strings.js";
import { each, either, itemsOf, text, textsOf, unknown, type Value } from "../../expression/value.js";

type Filter = (
  of: Value,
  positional: readonly Value[],
  named: ReadonlyMap<string, Value>,
) => Value | undefined;

const same: Filter = (of) => of;

/** What `|select` and others answer; as a string it is Python's description of a generator. */
export const GENERATOR: Value = { kind: "path", path: "<generator>" };

function item(of: Value, at: number): Value | undefined {
  return itemsOf(of)?.at(at);
}

function pairsOf(of: Value): Value | undefined {
  if (of.kind !== "map") return undefined;
  return { kind: "list", items: of.entries.map(([key, value]) => ({ kind: "list", items: [key, value] })) };
}

const FILTERS: Readonly<Record<string, Filter>> = {
  ...Object.fromEntries(
    ["lower", "upper", "capitalize", "title", "replace", "center"].map((name) => [
      name,
      ((of, given, named) => METHODS[name]?.(of, given, named)) satisfies Filter,
    ]),
  ),
  trim: (of, given, named) => METHODS.strip?.(of, given, named),
  join: (of, [separator], named) => joined(separator ?? named.get("d") ?? text(""), of),
  format: (of, positional, named) =>
    percent(
      of,
      named.size > 0
        ? { kind: "map", entries: [...named].map(([name, value]) => [text(name), value]) }
        : { kind: "list", items: positional },
    ),
  reverse: (of) => reversed(of),
  first: (of) => item(of, 0),
  last: (of) => item(of, -1),
  min: (of) => item(of, 0),
  max: (of) => item(of, -1),
  list: (of) => {
    const items = itemsOf(of);
    return items ? { kind: "list", items } : unknown(of);
  },
  items: pairsOf,
  dictsort: pairsOf,
  string: same,
  safe: same,
  escape: same,
  e: same,
  forceescape: same,
  indent: same,
  wordwrap: same,
  truncate: same,
  pprint: same,
  tojson: (of) => each(of, (one) => JSON.stringify(one)),
  unique: same,
  sort: same,
  striptags: (of) => each(of, (one) => one.replace(/<[^<>]{0,1000}>/g, "")),
  default: (of, [other]) => (other ? either(of, other) : of),
  d: (of, [other]) => (other ? either(of, other) : of),
  int: (of) => ({ kind: "number", value: Math.trunc(Number(textsOf(of)[0] ?? 0)) || 0 }),
  select: () => GENERATOR,
  reject: () => GENERATOR,
  selectattr: () => GENERATOR,
  rejectattr: () => GENERATOR,
  map: (of, given, named) => mapped(of, given, named),
  batch: (of, [count]) => {
    const size = count?.kind === "number" ? count.value : 0;
    const items = itemsOf(of);
    if (!items || !Number.isInteger(size) || size < 1) return GENERATOR;
    const rows = Array.from({ length: Math.ceil(items.length / size) }, (_, at) => at * size);
    return { kind: "list", items: rows.map((at) => ({ kind: "list", items: items.slice(at, at + size) })) };
  },
  slice: () => GENERATOR,
};

/** `|map('lower')`: the filter for every item. */
function mapped(of: Value, given: readonly Value[], named: ReadonlyMap<string, Value>): Value {
  const [name, ...rest] = given;
  const filter = name && textsOf(name)[0];
  const items = itemsOf(of);
  if (!items || !filter || filter === "map" || items.length > 1_000) return GENERATOR;
  return { kind: "list", items: items.map((one) => applyFilter(filter, one, rest, named) ?? unknown(one)) };
}

/** The value that a filter makes, where it is known. */
export function applyFilter(
  name: string,
  of: Value,
  positional: readonly Value[],
  named: ReadonlyMap<string, Value>,
): Value | undefined {
  return Object.hasOwn(FILTERS, name) ? FILTERS[name]?.(of, positional, named) : undefined;
}
