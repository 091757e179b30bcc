// What a random stream may do next, given what lies on its stack.
import { encode, MARK } from "./opcodes.mjs";

/** Dangerous names are among them: a call of one that CPython reaches must make the verdict malicious. */
const NAMES = [
  ["os", "system"],
  ["posix", "system"],
  ["builtins", "eval"],
  ["builtins", "exec"],
  ["__builtin__", "eval"],
  ["subprocess", "Popen"],
  ["collections", "OrderedDict"],
  ["copyreg", "_reconstructor"],
  ["builtins", "object"],
  ["numpy", "ndarray"],
  ["mine", "Thing"],
  ["h8maker", "text"],
];
const INTEGERS = [
  "0",
  "1",
  "00",
  "01",
  "7",
  "-3",
  "017",
  "0x10",
  "1_0",
  "10L",
  " 5",
  "5 ",
  "+4",
  "99999999999999999999",
  "1\0",
  "5\0x",
  "0o17",
  "0b11",
  "1__0",
  "_1",
  "",
  "L",
  "-",
  "0L",
  "08",
];
const FLOATS = ["1.5", "1_0", "nan", "inf", "-infinity", "1e400", " 1", "0x1p3", "1.5\r", "", "1e5"];
const TEXTS = [
  "os",
  "system",
  "a",
  "é",
  "\\u006fs",
  "\\x6fs",
  "\\157s",
  "o\\\ns",
  "\\U0000006fs",
  "x\r",
  "'q'",
  "\ud800",
  "日本",
  "b\0c",
  "\\",
  "\\x",
  "\\u12",
  "__setstate__",
  "append",
  "extend",
  "add",
];

export function step(state) {
  const { rng, stack } = state;
  const kinds = rng.chance(0.06)
    ? ACTIONS
    : ACTIONS.filter(({ needs }) => needs === undefined || needs(state));
  const action = rng.pick(kinds);
  action.run(state, stack);
}

const height = (state) => state.stack.length - (state.marks.at(-1) ?? 0);
const top = (state, back = 1) => (height(state) >= back ? state.stack.at(-back) : undefined);
const callable = (kind) => kind === "global" || kind === "made" || kind === "persistent";

function put(state, bytes, kind) {
  state.parts.push(bytes);
  state.stack.push(kind);
}

function take(state, count) {
  for (let i = 0; i < count; i++) state.stack.pop();
}

function popMark(state) {
  const at = state.marks.pop() ?? 0;
  const items = state.stack.splice(at);
  return items;
}

function constant(state) {
  const { rng } = state;
  const kind = rng.pick(["int", "int", "text", "text", "bytes", "none", "bool", "float", "tuple"]);
  put(state, CONSTANTS[kind](rng), kind);
}

const lengthLie = (rng) => (rng.chance(0.02) ? rng.pick([-1, 1, 5, 2 ** 31 - 1]) : 0);
const CONSTANTS = {
  int: (rng) =>
    rng.pick([
      () => encode("INT", rng.pick(INTEGERS)),
      () => encode("LONG", rng.pick(INTEGERS)),
      () => encode("BININT", rng.below(2 ** 32) - 2 ** 31),
      () => encode("BININT1", rng.below(256)),
      () => encode("BININT2", rng.below(65536)),
      () => encode("LONG1", rng.below(10), lengthLie(rng)),
      () => encode("LONG4", rng.chance(0.1) ? -1 : rng.below(10)),
    ])(),
  text: (rng) => {
    const [module, name] = rng.pick(NAMES);
    const text = rng.chance(0.6) ? rng.pick([module, name]) : rng.pick(TEXTS);
    const lie = lengthLie(rng);
    const opcode = rng.pick([
      "STRING",
      "BINSTRING",
      "SHORT_BINSTRING",
      "UNICODE",
      "BINUNICODE",
      "SHORT_BINUNICODE",
      "BINUNICODE8",
    ]);
    return encode(opcode, text, lie);
  },
  bytes: (rng) =>
    encode(
      rng.pick(["BINBYTES", "SHORT_BINBYTES", "BINBYTES8", "BYTEARRAY8"]),
      rng.pick(TEXTS),
      lengthLie(rng),
    ),
  none: () => encode("NONE"),
  bool: (rng) => encode(rng.pick(["NEWTRUE", "NEWFALSE"])),
  float: (rng) => (rng.chance(0.5) ? encode("FLOAT", rng.pick(FLOATS)) : encode("BINFLOAT")),
  tuple: () => encode("EMPTY_TUPLE"),
};

function global(state) {
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

function inst(state) {
  popMark(state);
  put(state, encode("INST", ...state.rng.pick(NAMES)), "made");
}

/** The state of a BUILD, at times with a name that later opcodes call. */
function build(state) {
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

function store(state) {
  const { rng, memo } = state;
  const index = rng.chance(0.7) ? memo.length : rng.pick([0, 1, 5, 255, 300, 70000, -1, 2 ** 31]);
  const opcode = rng.pick(["PUT", "BINPUT", "LONG_BINPUT", "MEMOIZE", "MEMOIZE"]);
  state.parts.push(encode(opcode, opcode === "PUT" && rng.chance(0.2) ? rng.pick(INTEGERS) : index));
  memo.push(top(state) ?? "int");
}

function fetch(state) {
  const { rng, memo } = state;
  const index = rng.chance(0.9) ? rng.below(memo.length + 1) : rng.pick([255, 300, 70000, -1]);
  const opcode = rng.pick(["GET", "BINGET", "LONG_BINGET"]);
  put(
    state,
    encode(opcode, opcode === "GET" && rng.chance(0.2) ? rng.pick(INTEGERS) : index),
    memo[index] ?? "int",
  );
}

const count = (wanted) => (state) => height(state) >= wanted;
const marked = (state) => state.marks.length > 0;

const ACTIONS = [
  { run: constant },
  { run: constant },
  { run: constant },
  { run: global },
  { run: global },
  {
    run: (s) => {
      s.marks.push(s.stack.length);
      s.parts.push(MARK);
    },
  },
  { run: (s) => put(s, encode("EMPTY_LIST"), "list") },
  { run: (s) => put(s, encode("EMPTY_DICT"), "dict") },
  { run: (s) => put(s, encode("EMPTY_SET"), "set") },
  {
    needs: count(1),
    run: (s) => {
      take(s, 1);
      put(s, encode("TUPLE1"), "tuple");
    },
  },
  {
    needs: count(1),
    run: (s) => {
      take(s, 1);
      put(s, encode("TUPLE1"), "tuple");
    },
  },
  {
    needs: count(2),
    run: (s) => {
      take(s, 2);
      put(s, encode("TUPLE2"), "tuple");
    },
  },
  {
    needs: count(3),
    run: (s) => {
      take(s, 3);
      put(s, encode("TUPLE3"), "tuple");
    },
  },
  {
    needs: marked,
    run: (s) => {
      popMark(s);
      put(s, encode("TUPLE"), "tuple");
    },
  },
  {
    needs: marked,
    run: (s) => {
      popMark(s);
      put(s, encode("LIST"), "list");
    },
  },
  {
    needs: (s) => marked(s) && height(s) % 2 === 0,
    run: (s) => {
      popMark(s);
      put(s, encode("DICT"), "dict");
    },
  },
  {
    needs: marked,
    run: (s) => {
      popMark(s);
      put(s, encode("FROZENSET"), "frozenset");
    },
  },
  { needs: marked, run: inst },
  {
    needs: (s) => marked(s) && callable(s.stack[s.marks.at(-1)]),
    run: (s) => {
      popMark(s);
      put(s, encode("OBJ"), "made");
    },
  },
  {
    needs: marked,
    run: (s) => {
      popMark(s);
      s.parts.push(encode("POP_MARK"));
    },
  },
  {
    needs: (s) => s.stack.length > 0,
    run: (s) => {
      s.parts.push(encode("POP"));
      if (s.marks.at(-1) === s.stack.length) s.marks.pop();
      else s.stack.pop();
    },
  },
  { needs: count(1), run: (s) => put(s, encode("DUP"), top(s)) },
  { needs: (s) => top(s) === "tuple" && callable(top(s, 2)), run: reduce },
  { needs: (s) => top(s) === "tuple" && callable(top(s, 2)), run: reduce },
  { needs: (s) => top(s) === "tuple" && callable(top(s, 2)), run: reduce },
  {
    needs: (s) => callable(top(s)),
    run: (s) => {
      put(s, encode("EMPTY_TUPLE"), "tuple");
      reduce(s);
    },
  },
  {
    needs: (s) => callable(top(s)),
    run: (s) => {
      constant(s);
      s.parts.push(encode("TUPLE1"));
      reduce(s);
    },
  },
  {
    needs: (s) => top(s) === "tuple" && top(s, 2) === "global",
    run: (s) => {
      take(s, 2);
      put(s, encode("NEWOBJ"), "made");
    },
  },
  {
    needs: (s) => top(s) === "tuple" && top(s, 2) === "global",
    run: (s) => {
      s.parts.push(encode("EMPTY_DICT"));
      take(s, 2);
      put(s, encode("NEWOBJ_EX"), "made");
    },
  },
  { needs: (s) => callable(top(s)), run: build },
  { needs: (s) => callable(top(s)), run: build },
  {
    needs: (s) => ["list", "global", "made", "bytes", "persistent"].includes(top(s, 2)),
    run: (s) => {
      s.parts.push(encode("APPEND"));
      take(s, 1);
    },
  },
  {
    needs: (s) => marked(s) && ["list", "made", "global"].includes(s.stack[s.marks.at(-1) - 1]),
    run: (s) => {
      popMark(s);
      s.parts.push(encode("APPENDS"));
    },
  },
  {
    needs: (s) => ["dict", "list", "global", "made", "persistent"].includes(top(s, 3)),
    run: (s) => {
      s.parts.push(encode("SETITEM"));
      take(s, 2);
    },
  },
  {
    needs: (s) => marked(s) && height(s) % 2 === 0 && ["dict", "made"].includes(s.stack[s.marks.at(-1) - 1]),
    run: (s) => {
      popMark(s);
      s.parts.push(encode("SETITEMS"));
    },
  },
  {
    needs: (s) => marked(s) && ["set", "made", "global"].includes(s.stack[s.marks.at(-1) - 1]),
    run: (s) => {
      popMark(s);
      s.parts.push(encode("ADDITEMS"));
    },
  },
  { needs: count(1), run: store },
  { needs: count(1), run: store },
  { needs: (s) => s.memo.length > 0, run: fetch },
  { needs: (s) => s.memo.length > 0, run: fetch },
  { run: (s) => put(s, encode("PERSID", s.rng.pick(["0", "x y", "é", ""])), "persistent") },
  {
    needs: count(1),
    run: (s) => {
      take(s, 1);
      put(s, encode("BINPERSID"), "persistent");
    },
  },
  {
    run: (s) => put(s, encode(s.rng.pick(["EXT1", "EXT2", "EXT4"]), s.rng.pick([1, 2, 3, 0, 200])), "global"),
  },
  { run: (s) => put(s, encode("NEXT_BUFFER"), "buffer") },
  { needs: (s) => top(s) === "buffer", run: (s) => s.parts.push(encode("READONLY_BUFFER")) },
  {
    needs: (s) => s.rng.chance(0.1),
    run: (s) => s.parts.push(encode("PROTO", s.rng.pick([0, 2, 4, 5, 6, 255]))),
  },
];

function reduce(state) {
  take(state, 2);
  put(state, encode("REDUCE"), "made");
}
