import { bytesSource } from "../core/source.js";
import type { ArgumentCheck } from "../globals/judgement.js";
import { listedNames } from "../globals/listed.js";
import { argumentList, codeLike, readsAsAction, show, walk } from "./arguments.js";
import { tellsAction } from "./bound.js";
import { callLater, factory, item } from "./called-later.js";
import { type Check, type CheckedCall, unproven } from "./check.js";
import { CODE_CHECKS } from "./code/wrappers.js";
import { checkDemand } from "./demand.js";
import { DILL_CHECKS } from "./dill.js";
import type { PickleJudge } from "./judge.js";
import { Blob, Call, Dict, Global, Opaque, Tuple, type Value } from "./value.js";

/** `getattr(object, name)`. */
const attribute: Check = (call) => {
  const [target, name] = argumentList(call.args) ?? [];
  if (target === undefined || typeof name !== "string")
    return unproven(call, "the attribute is not fixed by the file");
  return call.judge.attribute(target, name, call.offset);
};

const attributeGetter: Check = (call) => {
  const names = argumentList(call.args);
  const plain = names?.every(
    (name) => typeof name === "string" && !name.includes("__") && !tellsAction(name),
  );
  return plain ? call.made : unproven(call, "it reads attributes that the file does not name plainly");
};

/** A plain method name, and arguments in which nothing reads as code or a command. */
const methodCaller: Check = (call) => {
  const [name, ...rest] = argumentList(call.args) ?? [];
  const plain = typeof name === "string" && /^[a-z]\w*$/.test(name) && !listedNames().escapes.has(name);
  if (plain && !readsAsAction(name) && !tellsAction(name) && codeLike(new Tuple(rest)) === undefined)
    return call.made;
  return unproven(call, "the method that it calls is none that models need");
};

/** `_rebuild_from_type_v2(function, type, arguments, state)`, `_reconstruct_array(function, arguments, ...)`. */
const callFirst: Check = (call) => {
  const list = argumentList(call.args) ?? [];
  const [first] = list;
  if (first === undefined) return unproven(call, "its function is not fixed by the file");
  const args = list[call.callee.name.startsWith("_rebuild_from_type") ? 2 : 1];
  if (!(args instanceof Tuple)) return unproven(call, "it calls its first argument with what is no tuple");
  call.judge.call(first, args, "reduce", call.offset);
  return call.made;
};

/** Makes an empty instance of the class that comes first. */
const classFirst: Check = (call) => {
  const list = argumentList(call.args);
  if (!list) return unproven(call, "its class is not fixed by the file");
  const [first, second] = list;
  // numpy's `__generator_ctor(name, constructor)` calls the second with the first.
  if (call.callee.name.endsWith("_ctor") && (second instanceof Global || second instanceof Call))
    call.judge.call(second, new Tuple([first ?? null]), "reduce", call.offset);
  if (first === undefined || typeof first === "string" || first === null) return call.made;
  if (first instanceof Global) {
    const made = call.judge.call(first, new Tuple(newArguments(call.callee, list)), "newobj", call.offset);
    // What these give is the instance itself, so that a BUILD after them is one of its class.
    return call.callee.module === "copyreg" || call.callee.name.endsWith(".__new__") ? made : call.made;
  }
  if (first instanceof Call && call.judge.carried.classes.has(first))
    return call.judge.call(first, new Tuple(newArguments(call.callee, list)), "newobj", call.offset);
  if (first instanceof Call && first.callee instanceof Global && first.callee.judgement.level === "safe")
    return call.made;
  return unproven(call, "its class is computed while loading");
};

/** The arguments of `__new__` after the class; `copyreg.__newobj_ex__(cls, args, kwargs)` spreads its own. */
function newArguments(callee: Global, [, ...rest]: readonly Value[]): Value[] {
  if (callee.name !== "__newobj_ex__") return rest;
  const [args = null, keywords] = rest;
  const named = keywords instanceof Dict ? keywords.values() : [];
  return [...(argumentList(args) ?? [args]), ...named];
}

/** `copyreg._reconstructor(cls, base, state)` calls `base.__new__` and, unless base is `object`, `base.__init__`. */
const reconstructor: Check = (call) => {
  const [cls, base, state] = argumentList(call.args) ?? [];
  if (cls instanceof Call && call.judge.carried.classes.has(cls))
    return call.judge.call(cls, new Tuple([]), "newobj", call.offset);
  if (!(cls instanceof Global)) return unproven(call, "its class is computed while loading");
  call.judge.call(cls, new Tuple([]), "newobj", call.offset);
  if (base instanceof Global && base.path !== "builtins.object" && base.path !== "__builtin__.object") {
    call.judge.call(base, new Tuple([state ?? null]), "reduce", call.offset);
  } else if (!(base instanceof Global)) return unproven(call, "its base class is computed while loading");
  return new Call(cls, new Tuple([]), "newobj");
};

const TEXT_ENCODINGS: Record<string, BufferEncoding> = {
  latin1: "latin1",
  "latin-1": "latin1",
  "iso-8859-1": "latin1",
  "utf-8": "utf8",
  utf8: "utf8",
  ascii: "latin1",
};

/** How protocols 0 to 2 carry bytes: text and `latin1`. */
const encode: Check = (call) => {
  const [text, encoding = "utf-8"] = argumentList(call.args) ?? [];
  const known = typeof encoding === "string" ? TEXT_ENCODINGS[encoding.toLowerCase()] : undefined;
  if (!known) return unproven(call, "its codec is no plain text encoding");
  if (typeof text === "string") {
    const bytes = Buffer.from(text, known);
    return new Blob(bytesSource(bytes), 0, bytes.length, false);
  }
  if (text instanceof Blob) return new Blob(text.source, text.offset, text.length, false);
  return unproven(call, "its text is computed while loading");
};

/** `_ufunc_reconstruct(module, name)` imports what it names. */
const importPair: Check = (call) => {
  const [module, name] = argumentList(call.args) ?? [];
  if (typeof module !== "string" || typeof name !== "string")
    return unproven(call, "its name is computed while loading");
  return call.judge.resolve(module, name, call.offset);
};

/** Keeps what it is given to call; anything else is not what `partial` is called with. */
const partial: Check = (call) => {
  const [first] = argumentList(call.args) ?? [];
  if (first instanceof Global || first instanceof Call) return call.made;
  return unproven(call, "its function is not fixed by the file");
};

const oneArgument: Check = (call) =>
  argumentList(call.args)?.length === 1
    ? call.made
    : unproven(call, "with three arguments it makes a new class");

/** Its own pickles make an empty instance and set its state; they never call it. */
const never: Check = (call) => unproven(call, "its own pickles never call it");

/** `tzfile(None, name)` keeps the name of a time zone; a first argument that is none is a file to read. */
const noneFirst: Check = (call) =>
  argumentList(call.args)?.[0] === null ? call.made : unproven(call, "it reads the file that comes first");

const nestedStorage: Check = (call) => {
  const [bytes] = argumentList(call.args) ?? [];
  if (!(bytes instanceof Blob)) return unproven(call, `it unpickles ${show(bytes ?? null)}`);
  call.judge.nested(bytes);
  return call.made;
};

/** Where spaCy's `unpickle_doc(vocab, hooks, bytes)` and `unpickle_vocab(strings, ...)` take their pickle. */
const PICKLED_AT: Readonly<Record<string, number>> = { unpickle_doc: 1, unpickle_vocab: 4 };

/** Bytes where the function unpickles are a pickle; MessagePack maps and arrays elsewhere are none. */
const nestedPickle: Check = (call) => {
  const pickled = argumentList(call.args)?.[PICKLED_AT[call.callee.name] ?? 0] ?? null;
  if (pickled instanceof Call || pickled instanceof Opaque)
    return unproven(call, "the bytes that it unpickles are computed");
  for (const value of walk(call.args, false)) {
    if (!(value instanceof Blob) || value.length < 2) continue;
    const [first = 0] = value.read(1);
    if (value === pickled || first <= 0x80 || first > 0x9f) call.judge.nested(value);
  }
  return call.made;
};

const nestedKeras: Check = (call) => {
  let found = false;
  for (const value of walk(call.args)) {
    if (!(value instanceof Blob) || value.length < 4) continue;
    found = true;
    call.judge.nested(value);
  }
  return found ? call.made : unproven(call, "the model's bytes are not in the file");
};

/** `_reconstruct_header(name, bases, text)` makes a class; that of a foreign base would run as it is made. */
const messageHeader: Check = (call) => {
  const [name, bases] = argumentList(call.args) ?? [];
  const own =
    bases instanceof Tuple &&
    bases.items.length === bases.total &&
    bases.items.every((base) => base instanceof Global && /^email\.headerregistry\.\w+$/.test(base.path));
  return typeof name === "string" && own ? call.made : unproven(call, "it makes a class of foreign ones");
};

const CHECKS: Record<ArgumentCheck, Check> = {
  ...CODE_CHECKS,
  ...DILL_CHECKS,
  attribute,
  "attribute-getter": attributeGetter,
  "call-first": callFirst,
  "call-later": callLater,
  "class-first": classFirst,
  encode,
  factory,
  "import-pair": importPair,
  item,
  "message-header": messageHeader,
  "method-caller": methodCaller,
  "nested-keras": nestedKeras,
  "nested-pickle": nestedPickle,
  "nested-storage": nestedStorage,
  never,
  "none-first": noneFirst,
  "one-argument": oneArgument,
  partial,
  reconstructor,
};

/** Checks that hold for NEWOBJ as well: `map.__new__(map, f, values)` is `map(f, values)`. */
const ACTS_WHEN_MADE: ReadonlySet<ArgumentCheck> = new Set<ArgumentCheck>([
  "attribute-getter",
  "call-later",
  "factory",
  "method-caller",
  "one-argument",
]);

/** The value that an allowed callable gives, its arguments checked. */
export function checked(judge: PickleJudge, call: Omit<CheckedCall, "judge"> & { onlyMade: boolean }): Value {
  const { check } = call.callee.judgement;
  checkDemand({ judge, ...call });
  if (check === undefined || (call.onlyMade && !ACTS_WHEN_MADE.has(check))) return call.made;
  return CHECKS[check]({ judge, ...call });
}
