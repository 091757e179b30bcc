import { nested, UNKNOWN, unknown, type Value } from "../../expression/value.js";
import { CALLS } from "./call-operations.js";
import { constant, constantAt } from "./constants.js";
import { entry, NOTHING, NULL } from "./entry.js";
import { BadCode, type Frame, type Operation } from "./frame.js";
import type { Instruction } from "./instructions.js";
import { cellName, fastIndexes, nameIndex, slotsOf } from "./operands.js";

/** Follows one instruction: by what it means, or by what it takes from the stack and leaves there. */
export function operate(f: Frame, { opcode, argument }: Instruction): void {
  const { name } = opcode;
  const operation = OPERATIONS[name];
  if (operation) {
    operation(f, argument, name);
    return;
  }
  const effect = opcode.falls(argument);
  const takes = /^(BINARY|INPLACE)_/.test(name)
    ? 2
    : QUIET.test(name)
      ? Math.max(0, -effect)
      : Math.max(1, -effect);
  const taken = f.popMany(takes);
  for (let count = takes + effect; count > 0; count--)
    f.push({ value: unknown(...taken.map(({ value }) => value)) });
}

/** What leaves everything on the stack as it is. */
const QUIET =
  /^(NOP|RESUME|JUMP_\w+|CONTINUE_LOOP|BREAK_LOOP|SETUP_\w+|POP_\w+|MAKE_CELL|COPY_FREE_VARS|DELETE_(FAST|NAME|GLOBAL|DEREF)|LOAD_(BUILD_CLASS|ASSERTION_ERROR|LOCALS)|PRECALL|PUSH_EXC_INFO|RETURN_GENERATOR|BEGIN_FINALLY|CALL_FINALLY|GET_(LEN|ANEXT)|MATCH_(MAPPING|SEQUENCE|KEYS)|WITH_\w+|END_\w+|GEN_START|RERAISE|FOR_ITER|SEND|BEFORE_\w+|RETURN_CONST)$/;

const OPERATORS: Readonly<Record<string, string>> = {
  ADD: "+",
  MULTIPLY: "*",
  MODULO: "%",
  SUBTRACT: "-",
  TRUE_DIVIDE: "/",
  FLOOR_DIVIDE: "//",
  POWER: "**",
  LSHIFT: "<<",
  RSHIFT: ">>",
  AND: "&",
  OR: "|",
  XOR: "^",
};
/** `Include/opcode.h`: NB_ADD ... */
const NUMBERED = "+ & // << @ * % | ** >> - / ^".split(" ");

function arithmetic(f: Frame, operator: string | undefined): void {
  const [left = NOTHING, right = NOTHING] = f.popMany(2);
  f.push(entry(f.listener.binary(operator ?? "discard", left.value, right.value)));
}

function loadGlobal(f: Frame, argument: number, name: string): void {
  const called = f.code.names[nameIndex(name, argument, f.version)] ?? "";
  const own = name === "LOAD_NAME" && f.has(called) ? f.variable(called) : undefined;
  const value = entry(own ?? f.listener.reads(called, f.around.global(called)));
  const withNull = name === "LOAD_GLOBAL" && f.version >= 311 && argument & 1;
  if (withNull && f.version < 313) f.push(NULL);
  f.push(value);
  if (withNull && f.version >= 313) f.push(NULL);
}

/** A variable of a class's body, or else a global or a variable of the function around it. */
function loadFromNamespace(f: Frame, argument: number, name: string): void {
  f.pop();
  if (name === "LOAD_FROM_DICT_OR_GLOBALS") loadGlobal(f, argument, "LOAD_NAME");
  else loadCell(f, argument);
}

function loadFast(f: Frame, argument: number, name: string): void {
  const slots = f.version >= 311 ? slotsOf(f.code) : f.code.variables;
  for (const index of fastIndexes(name, argument)) f.push(entry(f.variable(slots[index] ?? "")));
}

function storeFast(f: Frame, argument: number, name: string): void {
  const slots = f.version >= 311 ? slotsOf(f.code) : f.code.variables;
  const [first = 0, second] = fastIndexes(name, argument);
  f.assign(slots[first] ?? "", f.pop().value);
  if (second === undefined) return;
  if (name === "STORE_FAST_LOAD_FAST") f.push(entry(f.variable(slots[second] ?? "")));
  else f.assign(slots[second] ?? "", f.pop().value);
}

function loadCell(f: Frame, argument: number): void {
  f.push(entry(f.variable(cellName(f.code, argument, f.version) ?? "")));
}

function storeCell(f: Frame, argument: number): void {
  f.assign(cellName(f.code, argument, f.version) ?? "", f.pop().value);
}

function storeName(f: Frame, argument: number): void {
  f.assign(f.code.names[argument] ?? "", f.pop().value);
}

function storeGlobal(f: Frame, argument: number): void {
  f.listener.handsOn(f.pop());
  f.listener.setsGlobal(f.code.names[argument] ?? "");
}

function loadAttribute(f: Frame, argument: number, name: string): void {
  const attribute = f.code.names[nameIndex(name, argument, f.version)] ?? "";
  const of = f.pop();
  f.push(f.listener.attribute(of, attribute));
  if (name === "LOAD_METHOD" || (f.version >= 312 && argument & 1)) f.push({ ...of, marker: "self" });
}

function loadSuper(f: Frame, argument: number, name: string): void {
  f.popMany(3);
  const of = entry({ kind: "path", path: "builtins.super()" });
  f.push(f.listener.attribute(of, f.code.names[nameIndex(name, argument, f.version)] ?? ""));
  if (argument & 1) f.push({ ...of, marker: "self" });
}

function storeAttribute(f: Frame, argument: number): void {
  const of = f.pop();
  f.listener.handsOn(f.pop());
  f.listener.sets(of, f.code.names[argument] ?? "");
}

function importName(f: Frame, argument: number): void {
  const [, from = NOTHING] = f.popMany(2);
  const { value } = from;
  const names =
    value.kind === "list"
      ? value.items.map((one) => (one.kind === "text" ? (one.options[0] ?? "") : ""))
      : [];
  f.push(entry(f.listener.imports(f.code.names[argument] ?? "", names.length > 0 ? names : undefined)));
}

function sequence(f: Frame, count: number, made: string): void {
  const items = f.popMany(count);
  for (const one of items) f.listener.handsOn(one);
  f.push({ value: nested({ kind: "list", items: items.map(({ value }) => value) }), made });
}

function map(f: Frame, count: number): void {
  const items = f.popMany(2 * count);
  const entries: [Value, Value][] = [];
  for (let at = 0; at + 1 < items.length; at += 2) {
    const [key = NOTHING, value = NOTHING] = [items[at], items[at + 1]];
    f.listener.handsOn(value);
    entries.push([key.value, value.value]);
  }
  f.push({ value: nested({ kind: "map", entries }), made: "map" });
}

function constMap(f: Frame, count: number): void {
  f.pop();
  for (const one of f.popMany(count)) f.listener.handsOn(one);
  f.push({ value: UNKNOWN, made: "map" });
}

/** `[... for x in xs]`, `[*xs]`, `f(**xs)`: these write into the container without asking whether it is one. */
function adding(kind: RegExp, takes: number): Operation {
  return (f, argument) => {
    const items = f.popMany(takes);
    for (const one of items) f.listener.handsOn(one);
    const target = f.at(argument);
    if (!target.made || !kind.test(target.made)) throw new BadCode("appends to what it did not make");
    if (target.value.kind !== "list" || target.value.items.length > 4096) return;
    const added = items.flatMap(({ value }) => (value.kind === "list" ? value.items : [value]));
    f.stack[f.stack.length - argument] = {
      ...target,
      value: { kind: "list", items: [...target.value.items, ...added] },
    };
  };
}

/** `f"{x}"`. */
function format(f: Frame, argument: number): void {
  if ((argument & 4) === 4) f.pop();
  const { value } = f.pop();
  f.push(entry(value.kind === "text" || value.kind === "number" ? value : unknown(value)));
}

function buildString(f: Frame, count: number): void {
  const parts = f.popMany(count).map(({ value }) => value);
  f.push(
    entry(
      parts.reduce((sum, one) => f.listener.binary("+", sum, one), { kind: "text", options: [""] } as Value),
    ),
  );
}

function subscript(f: Frame): void {
  const [of = NOTHING, key = NOTHING] = f.popMany(2);
  f.push(entry(f.listener.item(of.value, key.value)));
}

function storeSubscript(f: Frame): void {
  const [value = NOTHING, of = NOTHING] = f.popMany(3);
  f.listener.handsOn(value);
  f.listener.sets(of, "[]");
}

function unpack(f: Frame, argument: number): void {
  const { value } = f.pop();
  const items = value.kind === "list" && value.items.length === argument ? value.items : [];
  for (let at = argument - 1; at >= 0; at--) f.push(entry(items[at] ?? unknown(value)));
}

function rotate(count: number): Operation {
  return (f) => {
    const items = f.popMany(count);
    const top = items.pop();
    if (top) f.stack.push(top, ...items);
  };
}

function swap(f: Frame, argument: number): void {
  const [low, top] = [f.at(argument), f.at(1)];
  f.stack[f.stack.length - argument] = top;
  f.stack[f.stack.length - 1] = low;
}

function rotateMany(f: Frame, argument: number): void {
  rotate(argument)(f, argument, "");
}

/** The interpreter takes what lies here for an exception. */
function endHandler(f: Frame): void {
  if (f.version < 311) f.popMany(f.version === 36 ? 0 : 3);
  else if (f.pop().made !== "handled") throw new BadCode("an end of a handler that did not begin");
}

function hands(f: Frame): void {
  f.listener.handsOn(f.pop());
}

function pass(f: Frame): void {
  f.at(1);
}

const OPERATIONS: Readonly<Record<string, Operation | undefined>> = {
  ...CALLS,
  ...Object.fromEntries(
    Object.entries(OPERATORS).flatMap(([name, operator]) =>
      [`BINARY_${name}`, `INPLACE_${name}`].map((one) => [one, (f: Frame) => arithmetic(f, operator)]),
    ),
  ),
  BINARY_OP: (f, argument) => arithmetic(f, NUMBERED[argument % 13]),
  COMPARE_OP: (f) => arithmetic(f, undefined),
  IS_OP: (f) => arithmetic(f, undefined),
  CONTAINS_OP: (f) => arithmetic(f, undefined),
  BINARY_SUBSCR: subscript,
  STORE_SUBSCR: storeSubscript,
  LOAD_CONST: (f, argument) => f.push(constant(constantAt(f.code, argument))),
  LOAD_GLOBAL: loadGlobal,
  LOAD_NAME: loadGlobal,
  LOAD_FROM_DICT_OR_GLOBALS: loadFromNamespace,
  LOAD_FROM_DICT_OR_DEREF: loadFromNamespace,
  LOAD_FAST: loadFast,
  LOAD_FAST_CHECK: loadFast,
  LOAD_FAST_AND_CLEAR: loadFast,
  LOAD_FAST_LOAD_FAST: loadFast,
  STORE_FAST: storeFast,
  STORE_FAST_LOAD_FAST: storeFast,
  STORE_FAST_STORE_FAST: storeFast,
  LOAD_CLOSURE: loadCell,
  LOAD_DEREF: loadCell,
  LOAD_CLASSDEREF: loadCell,
  STORE_DEREF: storeCell,
  STORE_NAME: storeName,
  STORE_GLOBAL: storeGlobal,
  LOAD_ATTR: loadAttribute,
  LOAD_METHOD: loadAttribute,
  LOAD_SUPER_ATTR: loadSuper,
  STORE_ATTR: storeAttribute,
  IMPORT_NAME: importName,
  IMPORT_FROM: (f, argument) => f.push(f.listener.attribute(f.at(1), f.code.names[argument] ?? "")),
  IMPORT_STAR: hands,
  BUILD_TUPLE: (f, argument) => sequence(f, argument, "tuple"),
  BUILD_LIST: (f, argument) => sequence(f, argument, "list"),
  BUILD_SET: (f, argument) => sequence(f, argument, "set"),
  BUILD_MAP: map,
  BUILD_CONST_KEY_MAP: constMap,
  BUILD_STRING: buildString,
  FORMAT_VALUE: format,
  FORMAT_SIMPLE: (f) => format(f, 0),
  FORMAT_WITH_SPEC: (f) => format(f, 4),
  CONVERT_VALUE: pass,
  LIST_APPEND: adding(/^list$/, 1),
  SET_ADD: adding(/^set$/, 1),
  MAP_ADD: adding(/^map$/, 2),
  LIST_EXTEND: adding(/^list$/, 1),
  SET_UPDATE: adding(/^set$/, 1),
  DICT_UPDATE: adding(/^map$/, 1),
  DICT_MERGE: adding(/^map$/, 1),
  UNPACK_SEQUENCE: unpack,
  GET_ITER: pass,
  GET_YIELD_FROM_ITER: pass,
  LIST_TO_TUPLE: pass,
  POP_TOP: (f) => void f.pop(),
  RAISE_VARARGS: (f, argument) => void f.popMany(argument),
  RETURN_VALUE: hands,
  YIELD_VALUE: (f) => {
    hands(f);
    f.push(NOTHING);
  },
  DUP_TOP: (f) => f.push(f.at(1)),
  DUP_TOP_TWO: (f) => f.stack.push(f.at(2), f.at(1)),
  COPY: (f, argument) => f.push(f.at(argument)),
  SWAP: swap,
  ROT_TWO: rotate(2),
  ROT_THREE: rotate(3),
  ROT_FOUR: rotate(4),
  ROT_N: rotateMany,
  PUSH_EXC_INFO: (f) => {
    const raised = f.pop();
    f.stack.push({ ...NOTHING, made: "handled" }, raised);
  },
  POP_EXCEPT: endHandler,
  // What is sent to the generator when it begins.
  RETURN_GENERATOR: (f) => f.push(NOTHING),
  PUSH_NULL: (f) => f.push(NULL),
};
