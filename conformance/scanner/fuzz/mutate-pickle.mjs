// Pickles are taken apart into opcodes, so that what is inserted, moved or repeated still has valid arguments.
import { mutateBytes } from "./mutate-bytes.mjs";

/** How each opcode's argument is written: a width, a length prefix ("p1", "p4", "p8"), or lines. */
const ARGUMENTS = {
  ".": 0,
  "(": 0,
  0: 0,
  1: 0,
  2: 0,
  N: 0,
  Q: 0,
  R: 0,
  a: 0,
  b: 0,
  d: 0,
  "}": 0,
  e: 0,
  l: 0,
  "]": 0,
  o: 0,
  s: 0,
  t: 0,
  ")": 0,
  u: 0,
  K: 1,
  M: 2,
  J: 4,
  G: 8,
  q: 1,
  r: 4,
  h: 1,
  j: 4,
  F: "line",
  I: "line",
  L: "line",
  P: "line",
  S: "line",
  V: "line",
  g: "line",
  p: "line",
  c: "lines",
  i: "lines",
  T: "p4",
  U: "p1",
  X: "p4",
  B: "p4",
  C: "p1",
  "\x80": 1,
  "\x81": 0,
  "\x82": 1,
  "\x83": 2,
  "\x84": 4,
  "\x85": 0,
  "\x86": 0,
  "\x87": 0,
  "\x88": 0,
  "\x89": 0,
  "\x8a": "p1",
  "\x8b": "p4",
  "\x8c": "p1",
  "\x8d": "p8",
  "\x8e": "p8",
  "\x8f": 0,
  "\x90": 0,
  "\x91": 0,
  "\x92": 0,
  "\x93": 0,
  "\x94": 0,
  "\x95": 8,
  "\x96": "p8",
  "\x97": 0,
  "\x98": 0,
};
const CODES = Object.keys(ARGUMENTS);

function argumentLength(data, at, kind) {
  if (typeof kind === "number") return kind;
  if (kind === "line" || kind === "lines") {
    const first = data.indexOf(10, at);
    const last = kind === "lines" && first >= 0 ? data.indexOf(10, first + 1) : first;
    return last < 0 ? data.length - at : last + 1 - at;
  }
  const width = Number(kind.slice(1));
  if (at + width > data.length) return data.length - at;
  return width + data.readUIntLE(at, Math.min(width, 4));
}

export function opcodes(data) {
  const found = [];
  for (let at = 0; at < data.length && found.length < 5000; ) {
    const kind = ARGUMENTS[String.fromCharCode(data[at])];
    if (kind === undefined) {
      found.push(data.subarray(at));
      break;
    }
    const end = Math.min(data.length, at + 1 + argumentLength(data, at + 1, kind));
    found.push(data.subarray(at, end));
    at = end;
  }
  return found;
}

const GLOBALS = [
  ["os", "system"],
  ["builtins", "eval"],
  ["builtins", "getattr"],
  ["collections", "OrderedDict"],
  ["copyreg", "_reconstructor"],
  ["numpy.core.multiarray", "_reconstruct"],
  ["numpy", "dtype"],
  ["numpy", "ndarray"],
  ["torch._utils", "_rebuild_tensor_v2"],
  ["torch", "FloatStorage"],
  ["joblib.numpy_pickle", "NumpyArrayWrapper"],
  ["functools", "partial"],
  ["operator", "attrgetter"],
  ["_codecs", "encode"],
  ["torch.storage", "_load_from_bytes"],
  ["builtins", "bytearray"],
  ["datetime", "datetime"],
  ["types", "FunctionType"],
  ["mine", "Thing"],
  ["builtins", "set"],
  ["__builtin__", "reduce"],
  ["sklearn.tree._tree", "Tree"],
];

const byte = (...values) => Buffer.from(values);
const line = (code, text) => Buffer.from(`${code}${text}\n`, "latin1");

function textOp(value) {
  const bytes = Buffer.from(value).subarray(0, 255);
  return Buffer.concat([byte(0x8c, bytes.length), bytes]);
}

function argument(random, kind, words) {
  if (typeof kind === "number")
    return Buffer.from(
      Array.from({ length: kind }, (_, i) =>
        i === 0 ? random.below(12) : random.chance(8) ? random.below(256) : 0,
      ),
    );
  const word = random.chance(3) ? String(random.below(300)) : (random.pick(words) ?? "x").replace(/\n/g, "");
  if (kind === "line") return Buffer.from(random.chance(3) ? `'${word}'\n` : `${word}\n`, "latin1");
  if (kind === "lines") return Buffer.from(`${random.pick(GLOBALS).join("\n")}\n`, "latin1");
  const content = Buffer.from(word);
  const prefix = Buffer.alloc(Number(kind.slice(1)));
  prefix.writeUIntLE(content.length & 0xff, 0, 1);
  return Buffer.concat([prefix, content.subarray(0, content.length & 0xff)]);
}

function anyOpcode(random, words) {
  const code = random.pick(CODES);
  return Buffer.concat([Buffer.from(code, "latin1"), argument(random, ARGUMENTS[code], words)]);
}

const number = (value, width) => {
  const bytes = Buffer.alloc(width);
  bytes.writeUIntLE(value, 0, Math.min(width, 6));
  return bytes;
};

function bytesOp(value) {
  return Buffer.concat([byte(0x42), number(value.length, 4), value]);
}

/** A pickle inside the pickle, for what unpickles its arguments. */
const NESTED = Buffer.from("\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x02id\x85R.", "latin1");
const HOOKS = [
  "__setstate__",
  "__reduce__",
  "__class__",
  "__getattr__",
  "__dict__",
  "shape",
  "dtype",
  "filename",
  "order",
];

/** The global, as opcodes; one that the scanner checks the arguments of, more often than not. */
function globalOps(random, context) {
  const [module, name] = random.pick(
    random.chance(2) && context.globals.length > 0 ? context.globals : GLOBALS,
  );
  return random.chance(2) ? [line("c", `${module}\n${name}`)] : [textOp(module), textOp(name), byte(0x93)];
}

function value(random, context, depth = 0) {
  const simple = [
    () => [textOp(random.pick(context.words) ?? "x")],
    () => [
      textOp(
        random.pick([
          "latin1",
          "utf-8",
          "system",
          "x.y",
          "O8",
          "f8",
          "<U4",
          "|V8",
          "id",
          "torch",
          "",
          "__class__",
          "module",
        ]),
      ),
    ],
    () => [byte(0x4b, random.below(9))],
    () => [byte(random.pick([0x4e, 0x7d, 0x5d, 0x29, 0x88, 0x89, 0x8f]))],
    () => [bytesOp(random.chance(2) ? NESTED : Buffer.from("abcd"))],
    () => [byte(0x8d), number(3, 8), Buffer.from("abc")],
    () => [byte(0x96), number(NESTED.length, 8), NESTED],
    () => globalOps(random, context),
    () => [byte(0x68, random.below(12))],
  ];
  if (depth > 2) return random.pick(simple)();
  const inside = () =>
    Array.from({ length: random.below(4) }, () => value(random, context, depth + 1)).flat();
  return random.pick([
    ...simple,
    () => [byte(0x28), ...inside(), byte(0x74)],
    () => [byte(0x28), ...inside(), byte(0x6c)],
    () => [byte(0x5d, 0x28), ...inside(), byte(0x65)],
    () => [byte(0x7d), textOp(random.pick(HOOKS)), ...value(random, context, depth + 1), byte(0x73)],
    () => [
      ...globalOps(random, context),
      byte(0x28),
      ...inside(),
      byte(0x74),
      byte(random.pick([0x52, 0x52, 0x81])),
    ],
  ])();
}

function snippet(random, context) {
  const named = globalOps(random, context);
  const args = Array.from({ length: random.below(5) }, () => value(random, context)).flat();
  const tuple = [byte(0x28), ...args, byte(0x74)];
  return random.pick([
    () => [...named, ...tuple, byte(0x52)],
    () => [...named, ...tuple, byte(0x52)],
    () => [...named, ...tuple, byte(0x81)],
    () => [...named, ...tuple, byte(0x52), ...value(random, context), byte(0x62)],
    () => [
      ...named,
      byte(0x29, 0x81),
      byte(0x7d),
      textOp(random.pick(HOOKS)),
      ...value(random, context),
      byte(0x73, 0x62),
    ],
    () => [byte(0x28), ...named, ...args, byte(0x6f)],
    () => [byte(0x28), ...args, ...named],
    () => [...named, ...tuple, byte(0x7d), byte(0x92)],
    () => [...value(random, context), byte(0x51)],
    () => [byte(0x28), ...args, byte(0x6c)],
    () => [byte(0x28), textOp("k"), ...value(random, context), byte(0x64)],
    () => [byte(0x82, random.below(4))],
    () => [line("p", String(random.below(40))), line("g", String(random.below(40)))],
    () => [byte(0x71, random.below(9)), byte(0x68, random.below(9))],
    () => [byte(0x95, random.below(64), 0, 0, 0, 0, 0, 0, 0)],
    () => [...named, byte(0x94), byte(0x30)],
    () => [byte(0x8f, 0x28), ...args, byte(0x90)],
    () => [...tuple, byte(0x28), ...args, byte(0x91)],
    () => [
      line("c", "copyreg\nadd_extension"),
      ...[textOp("os"), textOp("system"), byte(0x4b, random.below(4)), byte(0x87, 0x52)],
    ],
  ])();
}

export function mutatePickle(random, input, context) {
  if (random.chance(4)) return mutateBytes(random, input, context);
  const list = opcodes(input);
  if (list.length === 0) return mutateBytes(random, input, context);
  const count = 1 + random.below(4);
  for (let i = 0; i < count; i++) change(random, list, context);
  return Buffer.concat(list);
}

function change(random, list, context) {
  const at = random.below(list.length);
  switch (random.below(9)) {
    case 0:
      list.splice(at, 1);
      break;
    case 1:
      list.splice(at, 0, anyOpcode(random, context.words));
      break;
    case 2:
    case 3:
      list.splice(at, 0, ...snippet(random, context));
      break;
    case 4:
      list.splice(at, 0, ...list.slice(random.below(list.length)).slice(0, 1 + random.below(12)));
      break;
    case 5: {
      const other = opcodes(context.other());
      const from = random.below(other.length);
      list.splice(at, random.below(3), ...other.slice(from, from + 1 + random.below(16)));
      break;
    }
    case 6: {
      const swap = random.below(list.length);
      [list[at], list[swap]] = [list[swap] ?? Buffer.alloc(0), list[at] ?? Buffer.alloc(0)];
      break;
    }
    case 7:
      list[at] = anyOpcode(random, context.words);
      break;
    default:
      if (list[at])
        list[at] = Buffer.concat([
          list[at].subarray(0, 1),
          mutateBytes(random, list[at].subarray(1), context),
        ]);
  }
}
