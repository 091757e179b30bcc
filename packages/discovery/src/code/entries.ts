import type { Value } from "./value.js";

/** What maps have under one of these names, the nearest first; of a list of maps, what each of them has. */
export function entryOf(values: readonly Value[], names: readonly string[], depth: number): readonly Value[] {
  for (const value of values) {
    const found = value.is === "list" ? ofItems(value.items, names, depth) : ofMap(value, names, depth);
    if (found.length > 0) return found;
  }
  return [];
}

const ofItems = (items: readonly Value[], names: readonly string[], depth: number): readonly Value[] =>
  items.flatMap((item) => (item.is === "list" ? [] : entryOf([item], names, depth)));

function ofMap(value: Value, names: readonly string[], depth: number): readonly Value[] {
  if (value.is !== "map") return [];
  const own = names.map((name) => value.entries.get(name) ?? []).find((one) => one.length > 0);
  if (own || depth === 0) return own ?? [];
  for (const below of value.entries.values()) {
    const found = entryOf(below, names, depth - 1);
    if (found.length > 0) return found;
  }
  return [];
}
