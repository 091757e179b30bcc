import { UNKNOWN, type Value } from "../../expression/value.js";
import { Blob, Call, Dict, Global, KEPT_ITEMS, type Value as Pickled, Sequence } from "../value.js";
import { type CodeObject, codeObject } from "./code-object.js";
import { type Entry, entry } from "./entry.js";

const MOST = 256;
const LONGEST = 64 * 1024;

/** A constant of a code object. */
export function constant(value: Pickled): Entry {
  const code = value instanceof Call ? codeOf(value) : undefined;
  return code ? { value: UNKNOWN, code } : entry(known(value));
}

/** By its index; of very many only the first are kept in order. */
export function constantAt({ consts }: CodeObject, index: number): Pickled {
  return (index < KEPT_ITEMS ? consts[index] : undefined) ?? null;
}

const CODES = new WeakMap<Call, CodeObject>();

/** The code object that a call made, read once: what it is made of does not change. */
export function codeOf(made: Call): CodeObject | undefined {
  const code = CODES.get(made) ?? codeObject(made.args);
  if (code) CODES.set(made, code);
  return code;
}

/** What a pickled value is to the code that finds it in its globals, its closure or its defaults. */
export function known(value: Pickled, depth = 0): Value {
  if (value instanceof Call && isCarried(value)) return { kind: "path", path: "builtins.<carried>" };
  if (typeof value === "string") return { kind: "text", options: [value] };
  if (typeof value === "number") return { kind: "number", value };
  if (value instanceof Global)
    return { kind: "path", path: value.path.replace(/^__builtin__(?=\.|$)/, "builtins") };
  if (value instanceof Blob && value.length <= LONGEST) {
    return { kind: "text", options: [value.read(value.length).toString("latin1")] };
  }
  if (depth > 4) return UNKNOWN;
  if (value instanceof Sequence)
    return { kind: "list", items: value.items.slice(0, MOST).map((one) => known(one, depth + 1)) };
  if (value instanceof Dict) return map(value, depth);
  return UNKNOWN;
}

function map(value: Dict, depth: number): Value {
  const entries: [Value, Value][] = [];
  for (const [key, item] of value.pairs()) {
    if (entries.length >= MOST) break;
    entries.push([known(key, depth + 1), known(item, depth + 1)]);
  }
  return { kind: "map", entries };
}

/** A function or class that the file carries: judged by itself. */
function isCarried({ callee }: Call): boolean {
  return (
    callee instanceof Global && /^carried-(class|enum|function|skeleton)$/.test(callee.judgement.check ?? "")
  );
}
