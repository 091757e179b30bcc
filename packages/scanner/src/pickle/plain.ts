import { looksLikeClass } from "../globals/classify.js";
import { codeLike, walk } from "./arguments.js";
import { Blob, Global, isPickled, Opaque, type Value } from "./value.js";

/** A name of a file, or a path: what a class could open. */
const FILE = /[/\\]|\.[A-Za-z]\w{0,8}$/;

/** Whether arguments are data and nothing in them reads as code, a command, an address or the name of a file. */
export function isPlain(args: Value, how: "strict" | "any" = "any"): boolean {
  if (codeLike(args, how) !== undefined) return false;
  for (const value of walk(args, false)) {
    if (
      value instanceof Opaque &&
      value.why !== "persistent" &&
      value.why !== "buffer" &&
      value.why !== "number"
    )
      return false;
    if (typeof value === "string" && FILE.test(value)) return false;
    if (value instanceof Global && isFunction(value)) return false;
  }
  return true;
}

/** A function that nobody vouches for: whoever gets it may call it. */
function isFunction({ name, judgement }: Global): boolean {
  const vouched = judgement.level === "safe" || judgement.level === "class";
  return !vouched && !looksLikeClass(name);
}

const REBUILD =
  /^_*(unpickle|reconstruct|rebuild|restore|recreate|reconstitute)(_|\d|$)|_(unpickler?|reconstruct(or)?|rebuild|ctor)$|^_?new_?(obj|object|instance)\d*$/i;

/** A name that libraries give to what their `__reduce__` names: it puts an object together from plain parts. */
export function readsAsRebuild(name: string): boolean {
  return REBUILD.test(name.slice(name.lastIndexOf(".") + 1));
}

/** Bytes among the arguments that are a pickle. */
export function* pickledBytes(args: Value): Generator<Blob> {
  for (const value of walk(args, false)) if (value instanceof Blob && isPickled(value)) yield value;
}
