import { argumentList } from "../arguments.js";
import { type Check, type CheckedCall, unproven } from "../check.js";
import type { PickleJudge } from "../judge.js";
import { Call, Dict, Global, Tuple, type Value } from "../value.js";
import { CONTENTS, fillFunction } from "./carried.js";
import { codeObject } from "./code-object.js";
import { rebuildCompiled, rebuildType, unpickleCompiled } from "./numba.js";

/** How cloudpickle and dill write functions, classes and code that are in no module. Making them runs none of it. */

/** `types.CodeType` as the libraries name it; a pickle that imports it by itself is nobody's. */
export function carriedType(judge: PickleJudge, name: string, offset: number): Global | undefined {
  const check =
    name === "CodeType" ? "carried-code" : FUNCTION_TYPES.test(name) ? "carried-function" : undefined;
  if (!check) return undefined;
  judge.carried.typed ??= offset;
  return new Global("types", name, {
    level: "safe",
    origin: "python",
    reason: "code that the file carries",
    check,
  });
}

const FUNCTION_TYPES = /^(FunctionType|LambdaType)$/;

const code: Check = (call) => {
  if (!codeObject(call.args)) return unproven(call, "its arguments are no code");
  call.judge.carried.addCode(call.made, call.offset);
  return call.made;
};

/** `_make_function(code, globals, name, defaults, closure)`, `_create_function(code, globals, name, defaults, closure, ...)`. */
const makeFunction: Check = (call) => {
  const [made = null, globals = null, , defaults = null, closure = null] = argumentList(call.args) ?? [];
  if (!isCode(made)) return unproven(call, "its code is not made by the file");
  call.judge.carried.addFunction(call.made, {
    code: made,
    globals: [globals],
    closure: [...(argumentList(closure) ?? [])],
    defaults: [...(argumentList(defaults) ?? [])],
    offset: call.offset,
  });
  return call.made;
};

/** `_make_skel_func(code, count of cells, globals)`. */
const skeletonFunction: Check = (call) => {
  const [made = null, , globals = null] = argumentList(call.args) ?? [];
  if (!isCode(made)) return unproven(call, "its code is not made by the file");
  call.judge.carried.addFunction(call.made, {
    code: made,
    globals: [globals],
    closure: [],
    defaults: [],
    offset: call.offset,
  });
  return call.made;
};

function isCode(value: Value): boolean {
  return (
    value instanceof Call && value.callee instanceof Global && value.callee.judgement.check === "carried-code"
  );
}

/** `_function_setstate(function, state)`, `_fill_function(function, ...)`. */
const functionState: Check = (call) => {
  const [made = null, ...states] = argumentList(call.args) ?? [];
  const parts = call.judge.carried.functions.get(made);
  if (!parts) return unproven(call, "it changes what is no function of the file");
  const [globals, defaults, , , closure] = states;
  if (states.length >= 5) {
    parts.globals.push(globals ?? null);
    parts.defaults = [...(argumentList(defaults ?? null) ?? [])];
    parts.closure = [...(argumentList(closure ?? null) ?? [])];
  } else for (const state of states) fillFunction(parts, state);
  return made;
};

/** `_make_skeleton_class(metaclass, name, bases, keywords, ...)`, `_create_type(metaclass, name, bases, attributes)`. */
const makeClass: Check = (call) => {
  const [meta = null, , bases = null, attributes = null] = argumentList(call.args) ?? [];
  if (!addClass(call, meta, bases, [attributes])) return unproven(call, "its metaclass is computed");
  return call.made;
};

/** `_make_skeleton_enum(bases, name, qualname, members, module, ...)` makes its members. */
const makeEnum: Check = (call) => {
  const [bases = null] = argumentList(call.args) ?? [];
  addClass(call, null, bases, []);
  for (const base of argumentList(bases) ?? []) {
    if (call.judge.carried.classes.has(base))
      runMethods(call.judge, base, CONSTRUCTED, "makes a member", call.offset);
  }
  return call.made;
};

function addClass(call: CheckedCall, meta: Value, bases: Value, attributes: Value[]): boolean {
  const { carried } = call.judge;
  if (meta instanceof Call && carried.classes.has(meta)) {
    runMethods(call.judge, meta, METACLASS, "makes a class of it", call.offset);
  } else if (meta !== null && !(meta instanceof Global)) return false;
  carried.addClass(call.made, { bases: argumentList(bases) ?? [], attributes, offset: call.offset });
  return true;
}

/** `_class_setstate(class, (attributes, ...))`, `_rehydrate_skeleton_class(class, attributes)`. */
const classState: Check = (call) => {
  const [made = null, state = null] = argumentList(call.args) ?? [];
  const parts = call.judge.carried.classes.get(made);
  if (!parts) return unproven(call, "it changes what is no class of the file");
  parts.attributes.push(...(state instanceof Tuple ? state.items : [state]));
  call.judge.carried.leak(state);
  return made;
};

/** `_setitems(target, source)`. */
const setItems: Check = (call) => {
  const [target = null, source = null] = argumentList(call.args) ?? [];
  if (!(target instanceof Dict && source instanceof Dict))
    return unproven(call, "it changes what is no plain dictionary");
  for (const [key, value] of source.pairs()) target.set(key, value);
  return call.made;
};

/**
 * `setattr(target, name, value)`, with which dill fills cells and classes. Of others only how they call themselves may
 * be set.
 */
export function setsCarried(judge: PickleJudge, callee: Global, args: Value): boolean {
  if (!/^(builtins|__builtin__)\.setattr$/.test(callee.path)) return false;
  const [target = null, name, value = null] = argumentList(args) ?? [];
  if (typeof name !== "string") return false;
  const cls = judge.carried.classes.get(target);
  if (cls) {
    const attributes = new Dict();
    attributes.set(name, value);
    cls.attributes.push(attributes);
    judge.carried.leak(value);
    return true;
  }
  if (target instanceof Call && name === CONTENTS && isCell(target)) {
    target.hooks ??= new Map();
    target.hooks.set(CONTENTS, value);
    return true;
  }
  return /^__(qualname|doc|module|name)__$/.test(name) && typeof value === "string";
}

function isCell({ callee }: Call): boolean {
  return callee instanceof Global && /^(_make_(empty_)?cell|_create_cell|CellType)$/.test(callee.name);
}

const setAttribute: Check = (call) => {
  const setattr = call.judge.resolve("builtins", "setattr", call.offset);
  return call.judge.call(setattr, call.args, "reduce", call.offset);
};

const CONSTRUCTED = /^(__new__|__init__|_missing_|_generate_next_value_|__init_subclass__|__set_name__)$/;
const METACLASS = /^(__new__|__init__|__call__|__prepare__|__setattr__|mro)$/;

/** Marks the methods of a class that the pickle makes Python call. */
export function runMethods(
  judge: PickleJudge,
  cls: Value,
  names: RegExp,
  why: string,
  offset: number,
  inherited = true,
): void {
  if (inherited) judge.scan.budget.step(judge.carried.classes.size);
  for (const [name, made] of judge.carried.methods(cls, (one) => names.test(one), inherited)) {
    judge.carried.runs(made, { why: `${why}, which runs its ${name}`, offset });
  }
}

/** Whether the callable is a function or a class of the file; if so, what calling it runs is judged. */
export function callCarried(
  judge: PickleJudge,
  callee: Call,
  args: Value,
  offset: number,
  onlyMade: boolean,
): boolean {
  const { carried } = judge;
  if (carried.functions.has(callee)) {
    const given = argumentList(args);
    carried.runs(callee, { why: "calls it", offset, ...(given ? { given } : {}) });
  } else if (carried.classes.has(callee)) construct(judge, callee, args, offset, onlyMade);
  else return false;
  return true;
}

/** A class of the file is called: its constructor runs, and that of what it inherits from. */
function construct(judge: PickleJudge, cls: Call, args: Value, offset: number, onlyMade: boolean): void {
  if (!onlyMade) runMethods(judge, cls, CONSTRUCTED, "calls the class", offset);
  judge.scan.budget.step(judge.carried.classes.size);
  for (const base of judge.carried.basesOf(cls)) {
    if (base instanceof Global && !PLAIN_BASES.test(base.path))
      judge.call(base, args, onlyMade ? "newobj" : "reduce", offset);
  }
}

/** An attribute of an instance is read: a property, or what else computes it, runs. */
export function readsAttribute(judge: PickleJudge, target: Call, name: string, offset: number): void {
  if (!judge.carried.isInstance(target)) return;
  for (const [, made] of judge.carried.computed(target.callee, name))
    judge.carried.runs(made, { why: `reads ${JSON.stringify(name.slice(0, 80))} of an instance`, offset });
}

const PLAIN_BASES =
  /^(builtins|__builtin__)\.\w+$|^(abc\.ABC|typing\.(Generic|NamedTuple|Protocol)|enum\.\w+|torch\.nn\.modules\.module\.Module)$/;

type CodeCheck =
  | "carried-class"
  | "carried-code"
  | "carried-enum"
  | "carried-function"
  | "carried-skeleton"
  | "class-state"
  | "function-state"
  | "compiled"
  | "compiled-bytes"
  | "compiled-type"
  | "set-attribute"
  | "set-items";

export const CODE_CHECKS: Record<CodeCheck, Check> = {
  "carried-class": makeClass,
  "carried-code": code,
  "carried-enum": makeEnum,
  "carried-function": makeFunction,
  "carried-skeleton": skeletonFunction,
  "class-state": classState,
  compiled: rebuildCompiled,
  "compiled-bytes": unpickleCompiled,
  "compiled-type": rebuildType,
  "function-state": functionState,
  "set-attribute": setAttribute,
  "set-items": setItems,
};
