import { classify } from "../globals/classify.js";
import { argumentList, show } from "./arguments.js";
import { type Check, type CheckedCall, unproven } from "./check.js";
import { CODE_CHECKS, carriedType } from "./code/wrappers.js";
import { Dict, Tuple, type Value } from "./value.js";

/**
 * What dill and cloudpickle put in files of plain data. `code/` judges functions, code and classes that they carry by
 * value.
 */

/** Names of dill's type map that are neither in `builtins` nor in `types`. */
const WRAPPERS: Readonly<Record<string, readonly [module: string, name: string]>> = {
  ClassType: ["builtins", "type"],
  PartialType: ["functools", "partial"],
  SuperType: ["builtins", "super"],
  ItemGetterType: ["operator", "itemgetter"],
  AttrGetterType: ["operator", "attrgetter"],
};

const NAME = /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/;

/** `_load_type("int")`, `_load_type("CodeType")`. */
const dillType: Check = (call) => {
  const [name] = argumentList(call.args) ?? [];
  if (typeof name !== "string" || !NAME.test(name)) return unproven(call, "it names no type");
  const own = carriedType(call.judge, name, call.offset);
  if (own) return own;
  const [module, type] = WRAPPERS[name] ?? [/^[A-Z]\w*Type$/.test(name) ? "types" : "builtins", name];
  return call.judge.resolve(module, type, call.offset);
};

const LITERAL =
  /^(None|True|False|Ellipsis|NotImplemented|x?range\(-?\d+(, ?-?\d+){0,2}\)|slice\((None|-?\d+)(, ?(None|-?\d+)){0,2}\))$/;

/** `_eval_repr("range(0, 3)")` evaluates its text. */
const dillRepr: Check = (call) => {
  const [text] = argumentList(call.args) ?? [];
  return typeof text === "string" && LITERAL.test(text) ? call.made : dangerous(call, show(text ?? null));
};

/** `_get_attr(object, name)` takes the name from `builtins` where the object has none. */
const dillAttribute: Check = (call) => {
  const [target, name] = argumentList(call.args) ?? [];
  if (target === undefined || typeof name !== "string") return unproven(call, "the attribute is not fixed");
  if (classify("builtins", name).level === "dangerous")
    return call.judge.resolve("builtins", name, call.offset);
  // A text has no attribute of such a name: dill writes the name of a module here.
  if (typeof target === "string" && classify("builtins", name).level === "safe")
    return call.judge.resolve("builtins", name, call.offset);
  return call.judge.attribute(target, name, call.offset);
};

/** `_create_namedtuple(name, fields, module)` imports the class where it can. */
const namedTuple: Check = (call) => {
  const [name, , module] = argumentList(call.args) ?? [];
  if (typeof name !== "string" || typeof module !== "string") return unproven(call, "its name is computed");
  return call.judge.resolve(module, name, call.offset);
};

/** `_import_module(name)`, `subimport(name)`: what is read from the module is judged. */
const moduleNamed: Check = (call) => {
  const [name] = argumentList(call.args) ?? [];
  if (typeof name !== "string" || !NAME.test(name)) return unproven(call, "it names no module");
  const module = call.judge.moduleValue(name);
  // A function may find it in its globals; anywhere else it is an import like any other.
  if (classify(name, "x").level === "dangerous") call.judge.carried.addModule(module, call.offset);
  return module;
};

/** `_builtin_type(name)` reads it from `types`. */
const typesName: Check = (call) => {
  const [name] = argumentList(call.args) ?? [];
  if (typeof name !== "string" || !NAME.test(name)) return unproven(call, "it names no type");
  const own = carriedType(call.judge, name, call.offset);
  if (own) return own;
  // What Python 2 had for classes is `type` since.
  const module = name === "ClassType" ? "builtins" : "types";
  return call.judge.resolve(module, name === "ClassType" ? "type" : name, call.offset);
};

/** `_create_type(type, *arguments)` and `_create_ftype(type, function, arguments, keywords)`. */
const callRest: Check = (call) => {
  const [first, ...rest] = argumentList(call.args) ?? [];
  if (first === undefined) return unproven(call, "its function is not fixed by the file");
  if (rest.length === 3 && rest[2] instanceof Dict) return CODE_CHECKS["carried-class"](call);
  return call.judge.call(first, new Tuple(rest), "reduce", call.offset);
};

const callSpread: Check = (call) => {
  const [first, second, args] = argumentList(call.args) ?? [];
  if (first === undefined || second === undefined) return unproven(call, "its function is not fixed");
  const spread = new Tuple([second, ...(argumentList(args ?? null) ?? [])]);
  return call.judge.call(first, spread, "reduce", call.offset);
};

function dangerous({ judge, callee, offset, made }: CheckedCall, shown: string): Value {
  judge.report(
    "pickle-dangerous-call",
    offset,
    `Loading calls ${callee.path}(${shown}), which evaluates text.`,
    callee.path,
  );
  return made;
}

type DillCheck =
  | "call-rest"
  | "call-spread"
  | "dill-attribute"
  | "dill-repr"
  | "dill-type"
  | "module"
  | "named-tuple"
  | "types-name";

export const DILL_CHECKS: Record<DillCheck, Check> = {
  "call-rest": callRest,
  "call-spread": callSpread,
  "dill-attribute": dillAttribute,
  "dill-repr": dillRepr,
  "dill-type": dillType,
  module: moduleNamed,
  "named-tuple": namedTuple,
  "types-name": typesName,
};
