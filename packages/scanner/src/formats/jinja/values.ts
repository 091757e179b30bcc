import { taintsOf, textsOf, unknown, type Value } from "../../expression/value.js";
import { REACH, SYSTEM } from "./words.js";

export function reaches(name: string, byName: boolean): boolean {
  if (REACH.test(name)) return true;
  return SYSTEM.test(byName ? name : name.replace(/^_+|_+$/g, ""));
}

export const COMPUTED: Value = unknown("computed");

/** What filters make of a block: of one with a plain text nobody knows what. */
export function filtered(value: Value): Value {
  return textsOf(value).some((one) => /\w/.test(one)) ? COMPUTED : value;
}

/** Made of texts of the file, where nobody knows what they became. */
export function isComputed(value: Value): boolean {
  return taintsOf(value).has("computed");
}

export function rangeOf(given: readonly Value[]): Extract<Value, { kind: "list" }> | undefined {
  const [first, second] = given.map((value) => (value.kind === "number" ? value.value : undefined));
  const [from, to] = second === undefined ? [0, first] : [first, second];
  if (from === undefined || to === undefined || to - from > 1_000 || to < from) return undefined;
  const items = Array.from(
    { length: Math.floor(to - from) },
    (_, at): Value => ({ kind: "number", value: from + at }),
  );
  return { kind: "list", items };
}

export function shorten(words: string): string {
  return JSON.stringify(words.length > 120 ? `${words.slice(0, 117)}...` : words);
}
