import { looksLikeClass } from "../globals/classify.js";
import { codeLike, walk } from "./arguments.js";
import { isFunction } from "./bound.js";
import { Blob, Call, Global, isPickled, Opaque, Sequence, type Value } from "./value.js";

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
    if (value instanceof Global && isUnvouched(value)) return false;
  }
  return true;
}

/** A function that nobody vouches for: whoever gets it may call it. */
function isUnvouched({ name, judgement }: Global): boolean {
  const vouched = judgement.level === "safe" || judgement.level === "class";
  return !vouched && !looksLikeClass(name);
}

/** Allowed functions that make one text of others, or take one out of another value. */
const MAKES_TEXT =
  /^(builtins|__builtin__)\.(str|unicode|repr|ascii|chr|sum|max|min|map|filter)$|^_?operator\.(add|concat|mod|mul|getitem)$|^(string|textwrap|html|re)\.\w+$|^_?functools\.reduce$/;

/** Whether a value is text, or bytes, that loading computes: no pickler does, and what it reads as is not known. */
export function isComputed(value: Value): value is Call {
  return value instanceof Call && value.callee instanceof Global && MAKES_TEXT.test(value.callee.path);
}

/** Whether arguments, or texts among them, are computed. */
export function computes(args: Value): boolean {
  if (args instanceof Call) return true;
  for (const value of walk(args, false)) if (isComputed(value)) return true;
  return false;
}

/** Whether an argument is a function that is bound to something: a class may call it at once. */
export function bindsFunction(args: Value): boolean {
  return args instanceof Sequence && args.items.some((value) => value instanceof Call && isFunction(value));
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
