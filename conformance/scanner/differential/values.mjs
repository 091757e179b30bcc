// The names, numbers and texts of a random stream, and the opcodes that push them.
import { encode } from "./opcodes.mjs";

/** Dangerous names are among them: a call of one that CPython reaches must make the verdict malicious. */
export const NAMES = [
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
export const INTEGERS = [
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

const lengthLie = (rng) => (rng.chance(0.02) ? rng.pick([-1, 1, 5, 2 ** 31 - 1]) : 0);
export const CONSTANTS = {
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
