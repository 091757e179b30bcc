import { argumentList, walk } from "../arguments.js";
import { type Check, type CheckedCall, unproven } from "../check.js";
import { Blob, Call, Dict, Global, Tuple, type Value } from "../value.js";

/**
 * numba writes a compiled function as `custom_rebuild(_CustomPickled(class, states))`, the pair in a pickle of its own
 * (`numba/core/serialize.py`). Rebuilding calls `class._rebuild(**states)`, which for a dispatcher keeps the function.
 */
export const rebuildCompiled: Check = (call) => {
  const [pickled] = argumentList(call.args) ?? [];
  const pair = pickled instanceof Call ? pairOf(call, pickled) : undefined;
  const [cls, states] = pair ?? [];
  if (!(cls instanceof Global && cls.path === DISPATCHER))
    return unproven(call, "it rebuilds no compiled function");
  if (!(states instanceof Dict) || !isPlain(states)) return unproven(call, "its options are no plain data");
  return call.made;
};

const DISPATCHER = "numba.core.registry.CPUDispatcher";

function pairOf(call: CheckedCall, { callee, args }: Call): readonly Value[] | undefined {
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
function isPlain(states: Dict): boolean {
  for (const [key, value] of states.pairs()) {
    if (key === "py_func") continue;
    for (const part of walk(value))
      if ((part instanceof Global || part instanceof Call) && !isType(part)) return false;
  }
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
