// The opcodes that take from the stack of a random stream, name things or keep them in the memo.
import { encode } from "./opcodes.mjs";
import { CONSTANTS, INTEGERS, NAMES } from "./values.mjs";

export const height = (state) => state.stack.length - (state.marks.at(-1) ?? 0);
export const top = (state, back = 1) => (height(state) >= back ? state.stack.at(-back) : undefined);
export const callable = (kind) => kind === "global" || kind === "made" || kind === "persistent";

export function put(state, bytes, kind) {
  state.parts.push(bytes);
  state.stack.push(kind);
}

export function take(state, count) {
  for (let i = 0; i < count; i++) state.stack.pop();
}

export function popMark(state) {
  const at = state.marks.pop() ?? 0;
  const items = state.stack.splice(at);
  return items;
}

export function constant(state) {
  const { rng } = state;
  const kind = rng.pick(["int", "int", "text", "text", "bytes", "none", "bool", "float", "tuple"]);
  put(state, CONSTANTS[kind](rng), kind);
}

export function global(state) {
  const { rng } = state;
  const [module, name] = rng.pick(NAMES);
  const ending = rng.chance(0.03) ? "\r" : "";
  if (rng.chance(0.5)) return put(state, encode("GLOBAL", `${module}${ending}`, name), "global");
  const text = () =>
    rng.pick([
      "BINUNICODE",
      "SHORT_BINUNICODE",
      "BINUNICODE8",
      "UNICODE",
      "STRING",
      "SHORT_BINSTRING",
      "BINSTRING",
    ]);
  state.parts.push(encode(text(), module));
  if (rng.chance(0.15)) state.parts.push(encode("MEMOIZE"));
  state.parts.push(encode(text(), name));
  put(state, encode("STACK_GLOBAL"), "global");
}

export function inst(state) {
  popMark(state);
  put(state, encode("INST", ...state.rng.pick(NAMES)), "made");
}

/** The state of a BUILD, at times with a name that later opcodes call. */
export function build(state) {
  const { rng } = state;
  if (rng.chance(0.5)) constant(state);
  else {
    put(state, encode("EMPTY_DICT"), "dict");
    for (let i = rng.below(3); i > 0; i--) {
      put(
        state,
        encode("SHORT_BINUNICODE", rng.pick(["__setstate__", "append", "extend", "add", "x"])),
        "text",
      );
      if (rng.chance(0.6)) global(state);
      else constant(state);
      state.parts.push(encode("SETITEM"));
      take(state, 2);
    }
  }
  state.parts.push(encode("BUILD"));
  take(state, 1);
}

export function store(state) {
  const { rng, memo } = state;
  const index = rng.chance(0.7) ? memo.length : rng.pick([0, 1, 5, 255, 300, 70000, -1, 2 ** 31]);
  const opcode = rng.pick(["PUT", "BINPUT", "LONG_BINPUT", "MEMOIZE", "MEMOIZE"]);
  state.parts.push(encode(opcode, opcode === "PUT" && rng.chance(0.2) ? rng.pick(INTEGERS) : index));
  memo.push(top(state) ?? "int");
}

export function fetch(state) {
  const { rng, memo } = state;
  const index = rng.chance(0.9) ? rng.below(memo.length + 1) : rng.pick([255, 300, 70000, -1]);
  const opcode = rng.pick(["GET", "BINGET", "LONG_BINGET"]);
  put(
    state,
    encode(opcode, opcode === "GET" && rng.chance(0.2) ? rng.pick(INTEGERS) : index),
    memo[index] ?? "int",
  );
}

export function reduce(state) {
  take(state, 2);
  put(state, encode("REDUCE"), "made");
}
