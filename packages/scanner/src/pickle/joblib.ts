import type { Part, Scan } from "../core/scan.js";
import type { Source } from "../core/source.js";
import { looksLikeClass } from "../globals/classify.js";
import { argumentList, walk } from "./arguments.js";
import type { AfterBuild } from "./judge.js";
import { BrokenPickle, type Machine } from "./machine.js";
import { Call, Dict, Global, Sequence, Tuple, type Value } from "./value.js";

interface Loader {
  scan: Scan;
  part: Part;
  /** Follows a pickle that lies inside the array block. */
  follow(scan: Scan, part: Part, start: number): { stopped: boolean; end: number };
  probe(source: Source, start: number): { dangerous: boolean; message: string };
}

/**
 * joblib writes an array's bytes into the pickle, right after the BUILD of its NumpyArrayWrapper. joblib skips them;
 * `pickle.load` would read them as opcodes. Both readings are followed.
 */
export function afterJoblibBuild(loader: Loader): AfterBuild {
  return (target, value, machine) => {
    if (!isWrapper(target.callee)) {
      if (isHandedOn(target)) throw new BrokenPickle("an array block whose wrapper is computed");
      return;
    }
    const state = attributes(value);
    if (isWrapper(target.callee, "NumpyArrayWrapper")) skipArray(loader, state, machine);
    else reportExternal(loader.scan, loader.part, state, machine.opcodeOffset);
  };
}

function isWrapper(callee: Value, name = "ArrayWrapper"): callee is Global {
  return callee instanceof Global && callee.name.endsWith(name) && /(^|\.)joblib\./.test(callee.module);
}

/** A wrapper that comes out of `max([wrapper])` and the like: joblib asks what it is, not where it comes from. */
function isHandedOn({ callee, args }: Call): boolean {
  if (callee instanceof Global && (callee.judgement.origin !== "python" || looksLikeClass(callee.name)))
    return false;
  for (const value of walk(args)) if (value instanceof Call && isWrapper(value.callee)) return true;
  return false;
}

/** BUILD sets the attributes of a dictionary, or of both in a pair of them. */
function attributes(state: Value): Dict {
  if (state instanceof Dict) return state;
  const both = new Dict();
  const parts = state instanceof Tuple && state.items.length === 2 ? state.items : [];
  for (const part of parts) {
    if (part instanceof Dict) for (const [key, value] of part.pairs()) both.set(key, value);
  }
  return both;
}

function skipArray(loader: Loader, state: Dict, machine: Machine): void {
  const dtype = dtypeOf(state.get("dtype") ?? null);
  const count = elements(state.get("shape") ?? null);
  if (!dtype || count === undefined) throw new BrokenPickle("an array block of unknown size");
  machine.leaveFrame();
  const start = machine.reader.position;
  if (dtype.object) {
    const inner = loader.follow(loader.scan, loader.part, start);
    if (!inner.stopped) throw new BrokenPickle("a broken pickle inside an array block");
    machine.reader.seek(inner.end);
    return;
  }
  const padding = alignment(state) ? 1 + machine.reader.u1() : 0;
  machine.reader.seek(start);
  reportOpcodes(loader, start);
  machine.reader.skip(padding + count * dtype.size);
}

function alignment(state: Dict): boolean {
  const bytes = state.get("numpy_array_alignment_bytes");
  return typeof bytes === "number" && bytes > 0;
}

function reportExternal(scan: Scan, part: Part, state: Dict, offset: number): void {
  const filename = state.get("filename");
  const shown = typeof filename === "string" ? filename : "computed at load time";
  const escapes = typeof filename !== "string" || /(^|[\\/])\.\.([\\/]|$)|^[\\/]|^[A-Za-z]:/.test(filename);
  const rule = escapes ? "external-data-escape" : "external-data";
  scan.report(rule, part, `The array is read from another file: ${shown}.`, { offset, cause: shown });
}

function reportOpcodes({ scan, part, probe }: Loader, start: number): void {
  const found = probe(part.source, start);
  if (!found.dangerous) return;
  const message = `joblib takes these bytes for an array, pickle.load for opcodes. ${found.message}`;
  scan.report("loader-disagreement", part, message, { offset: start, cause: "array" });
}

function elements(shape: Value): number | undefined {
  if (!(shape instanceof Sequence) || shape.items.length !== shape.total) return undefined;
  let count = 1;
  for (const dimension of shape.items) {
    if (typeof dimension !== "number" || dimension < 0) return undefined;
    count *= dimension;
  }
  return Number.isSafeInteger(count) ? count : undefined;
}

const TEXT = /^[<>|=]?([SUV])(\d+)$/;
const PLAIN = /^[<>|=]?(?:([biufcmM?])(\d*))(?:\[.*\])?$/;

/** The size of one element of a pickled `numpy.dtype`, and whether elements are Python objects. */
function dtypeOf(value: Value): { size: number; object: boolean } | undefined {
  if (!(value instanceof Call)) return undefined;
  const [code] = argumentList(value.args) ?? [];
  if (typeof code !== "string") return undefined;
  if (/^[<>|=]?O/.test(code)) return { size: 8, object: true };
  const state = value.state instanceof Sequence ? value.state.items : [];
  const flags = state[7];
  const object = typeof flags === "number" && (flags & 1) === 1;
  const text = TEXT.exec(code);
  if (text) {
    const size = Number(text[2]) * (text[1] === "U" ? 4 : 1);
    const stated = state[5];
    return { size: text[1] === "V" && typeof stated === "number" && stated > 0 ? stated : size, object };
  }
  const plain = PLAIN.exec(code);
  if (!plain) return undefined;
  return { size: plain[1] === "?" ? 1 : Number(plain[2] || Number.NaN), object };
}
