import type { CallSite } from "./calls.js";
import type { Source } from "./source.js";

/** What an expression may stand for, as far as reading alone tells. */
export type Value = Text | Reference | Mapping | Items | Variable;

export interface Text {
  readonly is: "text";
  readonly text: string;
  readonly at: Place;
}

/** Something of another module, or made from it: `openai.OpenAI` stays itself through calls and attributes. */
export interface Reference {
  readonly is: "reference";
  readonly path: readonly string[];
  /** False where the first word of the path is not known in its file. */
  readonly known: boolean;
  /** The call that made it first: a client's constructor. */
  readonly made?: CallSite;
}

export interface Mapping {
  readonly is: "map";
  readonly entries: ReadonlyMap<string, readonly Value[]>;
}

interface Items {
  readonly is: "list";
  readonly items: readonly Value[];
}

/** An environment variable without a value in sight. */
interface Variable {
  readonly is: "variable";
  readonly name: string;
}

export interface Place {
  readonly path: string;
  readonly line: number;
}

export const placeOf = (source: Source, index: number): Place => ({
  path: source.path,
  line: source.tokens[index]?.line ?? 1,
});

export const textsOf = (values: readonly Value[]): Text[] => values.filter((value) => value.is === "text");

/** Everything below a value that is text. */
export function flatten(values: readonly Value[], depth = 3): Value[] {
  if (depth === 0) return [];
  return values.flatMap((value) => {
    if (value.is === "list") return flatten(value.items, depth - 1);
    if (value.is === "map") return [...value.entries.values()].flatMap((each) => flatten(each, depth - 1));
    return [value];
  });
}

/** A key of a map, looked for inside nested maps too (the nearest first). */
export function entry(values: readonly Value[], keys: readonly string[], depth = 3): readonly Value[] {
  const maps = values.filter((value) => value.is === "map");
  for (const { entries } of maps)
    for (const key of keys) {
      const found = entries.get(key);
      if (found && found.length > 0) return found;
    }
  if (depth === 0) return [];
  for (const { entries } of maps) {
    for (const below of entries.values()) {
      const found = entry(below, keys, depth - 1);
      if (found.length > 0) return found;
    }
  }
  return [];
}
