import { looksLikeClass } from "../globals/classify.js";
import { argumentList } from "./arguments.js";
import { mayBeCalled } from "./callable.js";
import { type Check, unproven } from "./check.js";
import { isPlain } from "./plain.js";
import { Call, Global, Opaque, Tuple, type Value } from "./value.js";

/** `map(f, ...)`, `sorted(values)` and the like: what can be called among the arguments runs, now or later. */
export const callLater: Check = (call) => {
  const list = argumentList(call.args);
  if (!list) return unproven(call, "its function is not fixed by the file");
  for (const value of list) {
    if (mayBeCalled(value)) call.judge.callLater(value, new Opaque("stack"), call.offset);
  }
  return call.made;
};

/** `defaultdict(factory)`: whatever reads a key that is not there calls the factory. */
export const factory: Check = (call) => {
  const list = argumentList(call.args);
  if (!list) return unproven(call, "its factory is not fixed by the file");
  const [first] = list;
  if (first instanceof Call && mayBeCalled(first) && !isOwn(first))
    call.judge.callLater(first, new Tuple([]), call.offset);
  return call.made;
};

/** A bound method of an instance of somebody's own class, or `partial` of such a class or function with plain data. */
function isOwn({ callee, args }: Call): boolean {
  if (!(callee instanceof Global)) return false;
  const [target, ...bound] = argumentList(args) ?? [];
  if (callee.path === "builtins.getattr") return target instanceof Call && isUnlisted(target.callee);
  return (
    /^_?functools\.partial$/.test(callee.path) &&
    target !== undefined &&
    isUnlisted(target) &&
    isPlain(new Tuple(bound))
  );
}

function isUnlisted(value: Value): boolean {
  return value instanceof Global && value.judgement.level !== "safe" && value.judgement.level !== "dangerous";
}

function isGeneric({ name, judgement: { level } }: Global): boolean {
  return (level === "class" || level === "unknown") && looksLikeClass(name);
}

/** `operator.getitem(container, key)`: a defaultdict calls its factory for a key that is not there. */
export const item: Check = (call) => {
  const [target] = argumentList(call.args) ?? [];
  if (target === undefined || target instanceof Opaque)
    return unproven(call, "what it reads from is computed");
  // `Model[float]` of a generic class.
  if (target instanceof Global && isGeneric(target)) return call.made;
  if (target instanceof Global && target.judgement.level !== "safe") {
    return unproven(call, "it reads from an import");
  }
  const made = target instanceof Call && target.callee instanceof Global ? target.callee.path : "";
  const [absent] = target instanceof Call ? (argumentList(target.args) ?? []) : [];
  if (/\.defaultdict$/.test(made) && (absent instanceof Global || absent instanceof Call)) {
    call.judge.call(absent, new Tuple([]), "reduce", call.offset);
  }
  return call.made;
};
