import { type Entry, entry, NOTHING } from "./entry.js";
import { BadCode, type Frame, type Operation, type Surroundings } from "./frame.js";

function call(f: Frame, callee: Entry, given: readonly Entry[], names: readonly string[]): void {
  const at = given.length - names.length;
  const named = new Map(names.map((name, index) => [name, given[at + index] ?? NOTHING]));
  f.push(entry(f.listener.calls(callee, given.slice(0, at), named)));
}

/** Callable and NULL (from 3.13 on; before it NULL and callable), method and its object, or callable and first argument. */
function calleeOf([low = NOTHING, high = NOTHING]: readonly Entry[]): [Entry, readonly Entry[]] {
  if (low.marker) return [high, []];
  return [low, high.marker ? [] : [high]];
}

function callFunction(f: Frame, argument: number): void {
  const given = f.popMany(argument);
  call(f, f.pop(), given, []);
}

/** Text of a tuple of names. */
function textsOf({ value }: Entry): string[] {
  if (value.kind !== "list") return [];
  return value.items.map((one) => (one.kind === "text" ? (one.options[0] ?? "") : ""));
}

function callNamed(f: Frame, argument: number): void {
  const last = f.pop();
  const names = textsOf(last);
  // The interpreter takes whatever lies here for a tuple of names.
  if (last.value.kind !== "list" || names.length > argument || names.includes(""))
    throw new BadCode("names of arguments that are none");
  const given = f.popMany(argument);
  if (f.version >= 313) callTwo(f, given, names);
  else call(f, f.pop(), given, names);
}

function callTwo(f: Frame, given: readonly Entry[], names: readonly string[]): void {
  const [callee, first] = calleeOf(f.popMany(2));
  call(f, callee, [...first, ...given], names);
}

function callMethod(f: Frame, argument: number): void {
  callTwo(f, f.popMany(argument), []);
}

function callRecent(f: Frame, argument: number): void {
  const names = f.keywords;
  f.keywords = [];
  callTwo(f, f.popMany(argument), names);
}

/** `f(*xs, **named)`. */
function callSpread(f: Frame, argument: number): void {
  const named = argument & 1 ? f.pop() : undefined;
  const spread = f.pop();
  const given = spread.value.kind === "list" ? spread.value.items.map(entry) : [spread];
  const all = [...given, ...(named ? [named] : [])];
  if (f.version < 311) call(f, f.pop(), all, []);
  else callTwo(f, all, []);
}

function around(f: Frame): Surroundings {
  return {
    global: (name) => f.around.global(name),
    free: (name) => f.variable(name),
    argument: () => undefined,
  };
}

function makeFunction(f: Frame, argument: number): void {
  if (f.version < 311) f.pop();
  const { code } = f.pop();
  if (!code) throw new BadCode("a function made of what is no code");
  if (f.version < 313) {
    for (const bit of [8, 4, 2, 1]) if (argument & bit) f.listener.handsOn(f.pop());
  }
  f.push(entry(f.listener.makes(code, around(f))));
}

function setFunctionAttribute(f: Frame): void {
  const made = f.pop();
  f.listener.handsOn(f.pop());
  f.push(made);
}

function keywordNames(f: Frame, argument: number): void {
  const names = f.code.consts[argument];
  const items = names !== null && typeof names === "object" && "items" in names ? names.items : [];
  f.keywords = items.map((one) => (typeof one === "string" ? one : ""));
}

/** Opcodes that call, or make what is called. */
export const CALLS: Readonly<Record<string, Operation>> = {
  CALL_FUNCTION: callFunction,
  CALL_FUNCTION_KW: callNamed,
  CALL_FUNCTION_EX: callSpread,
  CALL_METHOD: callMethod,
  CALL_KW: callNamed,
  CALL: callRecent,
  PRECALL: () => undefined,
  KW_NAMES: keywordNames,
  MAKE_FUNCTION: makeFunction,
  SET_FUNCTION_ATTRIBUTE: setFunctionAttribute,
};
