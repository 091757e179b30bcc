import { codeLike, walk } from "./arguments.js";
import { Blob, Opaque, type Value } from "./value.js";

/** A name of a file, or a path: what a class could open. */
const FILE = /[/\\]|\.[A-Za-z]\w{0,8}$/;

/** Whether arguments are data and nothing in them reads as code, a command, an address or the name of a file. */
export function isPlain(args: Value): boolean {
  if (codeLike(args) !== undefined) return false;
  for (const value of walk(args, false)) {
    if (
      value instanceof Opaque &&
      value.why !== "persistent" &&
      value.why !== "buffer" &&
      value.why !== "number"
    )
      return false;
    if (typeof value === "string" && FILE.test(value)) return false;
  }
  return true;
}

const REBUILD =
  /^_*(unpickle|reconstruct|rebuild|restore|recreate|reconstitute)(_|\d|$)|_(unpickler?|reconstruct(or)?|rebuild|ctor)$|^_?new_?(obj|object|instance)\d*$/i;

/** A name that libraries give to what their `__reduce__` names: it puts an object together from plain parts. */
export function readsAsRebuild(name: string): boolean {
  return REBUILD.test(name.slice(name.lastIndexOf(".") + 1));
}

/** Bytes among the arguments that start as a pickle of protocol 2 or later does. */
export function* pickledBytes(args: Value): Generator<Blob> {
  for (const value of walk(args, false)) {
    if (!(value instanceof Blob) || value.text || value.length < 3) continue;
    const [mark, version = 255] = value.read(2);
    if (mark === 0x80 && version >= 2 && version <= 5) yield value;
  }
}
