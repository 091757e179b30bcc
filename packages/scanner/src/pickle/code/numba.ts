import { argumentList, walk } from "../arguments.js";
import { type Check, type CheckedCall, unproven } from "../check.js";
import { Blob, Call, Dict, Global, isObject, List, Sequence, Tuple, type Value } from "../value.js";

/**
 * numba writes a compiled function as `custom_rebuild(_CustomPickled(class, states))`, the pair in a pickle of its own
 * (`numba/core/serialize.py`). Rebuilding calls `class._rebuild(**states)`, which for a dispatcher keeps the function.
 */
export const rebuildCompiled: Check = (call) => {
  const [pickled] = argumentList(call.args) ?? [];
  const pair = pickled instanceof Call ? pairOf(call, pickled) : undefined;
  const [cls, states] = pair ?? [];
  const code = cls instanceof Global ? COMPILERS.get(cls.path) : undefined;
  if (code === undefined) return unproven(call, "it rebuilds no compiled function");
  if (!(states instanceof Dict) || !holdsAll(states)) return unproven(call, "its options are no plain data");
  const pairs = [...states.pairs()];
  if (pairs.some(([key, value]) => SIGNATURES.has(key) && !isSignatures(value))) return evaluated(call);
  const plain = pairs.every(([key, value]) => (key === code ? isFunction(key, value) : isPlain(key, value)));
  return plain ? call.made : unproven(call, "its options are no plain data");
};

/** Classes that are rebuilt, and the argument that is their function. */
const COMPILERS: ReadonlyMap<string, string> = new Map([
  ["numba.core.registry.CPUDispatcher", "py_func"],
  ["numba.np.ufunc.dufunc.DUFunc", "dispatcher"],
  ["numba.np.ufunc.gufunc.GUFunc", "py_func"],
  ["numba.np.ufunc.ufuncbuilder.UFuncDispatcher", "pyfunc"],
]);

/** The function is compiled for these as it is rebuilt, and a signature that is text goes to `eval` (`sigutils.py`). */
const SIGNATURES: ReadonlySet<Value> = new Set(["sigs", "siglist", "typesigs"]);

function isSignatures(value: Value): boolean {
  return (
    (value instanceof List || value instanceof Tuple) &&
    holdsAll(value) &&
    value.items.every((item) => item instanceof Call && isTypes(item))
  );
}

function evaluated(call: CheckedCall): Value {
  const message = `Loading calls ${call.callee.path}(): it evaluates a signature that is no type.`;
  call.judge.report("pickle-dangerous-call", call.offset, message, call.callee.path);
  return call.made;
}

/** What a universal function dispatches to was rebuilt before, and judged then. */
function isFunction(key: Value, value: Value): boolean {
  if (key !== "dispatcher") return true;
  return (
    value instanceof Call &&
    value.callee instanceof Global &&
    value.callee.path === "numba.core.serialize.custom_rebuild"
  );
}

function pairOf(call: CheckedCall, { callee, args, state }: Call): readonly Value[] | undefined {
  // A state would take the place of both.
  if (state !== undefined) return undefined;
  const list = argumentList(args) ?? [];
  // `_CustomPickled._rebuild` by value: numba's copy of cloudpickle does not find a method of a class by its name.
  if (call.judge.carried.functions.has(callee)) return isPickledClass(list[0]) ? list.slice(1) : undefined;
  if (!(callee instanceof Global)) return undefined;
  if (callee.path === "numba.core.serialize._CustomPickled._rebuild") return list;
  if (callee.path !== "numba.core.serialize._unpickle__CustomPickled") return undefined;
  const result = list[0] instanceof Blob ? call.judge.innerResult(list[0]) : undefined;
  return result instanceof Tuple ? result.items : undefined;
}

function isPickledClass(value: Value | undefined): boolean {
  return value instanceof Global && value.path === "numba.core.serialize._CustomPickled";
}

/** `_type_reconstructor(function, arguments, state)` makes a type of numba. */
export const rebuildType: Check = (call) => {
  const [first, args] = argumentList(call.args) ?? [];
  if (!(first instanceof Global) || !(args instanceof Tuple))
    return unproven(call, "its function is not fixed by the file");
  call.judge.call(first, args, "reduce", call.offset);
  return call.made;
};

/** Everything but the function itself: a class among the options would be called by the compiler. */
function isPlain(key: Value, root: Value): boolean {
  if (typeof key !== "string") return false;
  // A cache of a generalized function lies in a file that is loaded.
  if (key === "cache") return root === null || root === false;
  const queue: Value[] = [root];
  const seen = new Set<Value>();
  for (let value = queue.pop(); value !== undefined; value = queue.pop()) {
    if (!isOption(key, value) || seen.size > MAX_OPTIONS) return false;
    if (!(value instanceof Sequence || value instanceof Dict) || seen.has(value)) continue;
    seen.add(value);
    queue.push(...value.items);
  }
  return true;
}

/** The signature of a generalized function is the layout of its arguments, which nothing evaluates. */
function isOption(key: string, value: Value): boolean {
  if (typeof value === "string") return key === "signature" || /^[\w-]*$/.test(value);
  if (value instanceof Global || value instanceof Call) return isTypes(value);
  if (value instanceof Sequence || value instanceof Dict) return holdsAll(value);
  return !isObject(value);
}

const MAX_OPTIONS = 10_000;

/** A long container keeps only some of its items. */
function holdsAll(value: Dict | Sequence): boolean {
  return value.items.length === value.total * (value instanceof Dict ? 2 : 1);
}

function isTypes(root: Global | Call): boolean {
  for (const part of walk(root))
    if ((part instanceof Global || part instanceof Call) && !isType(part)) return false;
  return true;
}

/** Signatures that the function was compiled for consist of types. */
function isType(value: Global | Call): boolean {
  const callee = value instanceof Call ? value.callee : value;
  return (
    callee instanceof Global &&
    /^(numba\.core\.(types|typing\.templates)\.|copyreg\._reconstructor$|(builtins|__builtin__)\.object$)/.test(
      callee.path,
    )
  );
}

/** `_unpickle__CustomPickled(bytes)` loads its bytes. */
export const unpickleCompiled: Check = (call) => {
  const [bytes] = argumentList(call.args) ?? [];
  if (!(bytes instanceof Blob)) return unproven(call, "its bytes are not in the file");
  call.judge.innerResult(bytes);
  return call.made;
};
