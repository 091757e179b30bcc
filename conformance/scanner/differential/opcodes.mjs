// Writes single opcodes (pickletools.opcodes of CPython names them so).
const CODES = {
  MARK: "(",
  STOP: ".",
  POP: "0",
  POP_MARK: "1",
  DUP: "2",
  FLOAT: "F",
  INT: "I",
  BININT: "J",
  BININT1: "K",
  LONG: "L",
  BININT2: "M",
  NONE: "N",
  PERSID: "P",
  BINPERSID: "Q",
  REDUCE: "R",
  STRING: "S",
  BINSTRING: "T",
  SHORT_BINSTRING: "U",
  UNICODE: "V",
  BINUNICODE: "X",
  APPEND: "a",
  BUILD: "b",
  GLOBAL: "c",
  DICT: "d",
  EMPTY_DICT: "}",
  APPENDS: "e",
  GET: "g",
  BINGET: "h",
  INST: "i",
  LONG_BINGET: "j",
  LIST: "l",
  EMPTY_LIST: "]",
  OBJ: "o",
  PUT: "p",
  BINPUT: "q",
  LONG_BINPUT: "r",
  SETITEM: "s",
  TUPLE: "t",
  EMPTY_TUPLE: ")",
  SETITEMS: "u",
  BINFLOAT: "G",
  PROTO: 0x80,
  NEWOBJ: 0x81,
  EXT1: 0x82,
  EXT2: 0x83,
  EXT4: 0x84,
  TUPLE1: 0x85,
  TUPLE2: 0x86,
  TUPLE3: 0x87,
  NEWTRUE: 0x88,
  NEWFALSE: 0x89,
  LONG1: 0x8a,
  LONG4: 0x8b,
  BINBYTES: "B",
  SHORT_BINBYTES: "C",
  SHORT_BINUNICODE: 0x8c,
  BINUNICODE8: 0x8d,
  BINBYTES8: 0x8e,
  EMPTY_SET: 0x8f,
  ADDITEMS: 0x90,
  FROZENSET: 0x91,
  NEWOBJ_EX: 0x92,
  STACK_GLOBAL: 0x93,
  MEMOIZE: 0x94,
  FRAME: 0x95,
  BYTEARRAY8: 0x96,
  NEXT_BUFFER: 0x97,
  READONLY_BUFFER: 0x98,
};

function number(size, value) {
  const out = Buffer.alloc(size);
  const low = Number(value) >>> 0;
  if (size === 1) out[0] = low & 0xff;
  else if (size === 2) out.writeUInt16LE(low & 0xffff);
  else out.writeUInt32LE(low);
  if (size === 8)
    out.writeUInt32LE(value < 0 ? 0xffffffff : Math.min(Math.floor(value / 2 ** 32), 0xffffffff), 4);
  return out;
}

/** UTF-8 that lets surrogates pass, as Python writes them. */
function utf8(text) {
  if (text === "\ud800") return Buffer.from([0xed, 0xa0, 0x80]);
  return Buffer.from(text);
}

const counted =
  (size) =>
  (text, lie = 0) => {
    const bytes = utf8(text);
    return Buffer.concat([number(size, lie === -1 ? -1 : bytes.length + lie), bytes]);
  };
const line = (text) => Buffer.concat([utf8(String(text)), Buffer.from("\n")]);
const digits = (length) => Buffer.from(Array.from({ length }, (_, i) => (i * 37 + 5) & 0xff));

const ARGUMENTS = {
  FLOAT: line,
  INT: line,
  LONG: line,
  PERSID: line,
  UNICODE: line,
  GET: line,
  PUT: line,
  STRING: (text) => line(`'${text}'`),
  GLOBAL: (module, name) => Buffer.concat([line(module), line(name)]),
  INST: (module, name) => Buffer.concat([line(module), line(name)]),
  BININT: (value) => number(4, value),
  BININT1: (value) => number(1, value),
  BININT2: (value) => number(2, value),
  BINFLOAT: () => Buffer.from([0x3f, 0xf8, 0, 0, 0, 0, 0, 0]),
  BINSTRING: counted(4),
  SHORT_BINSTRING: counted(1),
  BINUNICODE: counted(4),
  SHORT_BINUNICODE: counted(1),
  BINUNICODE8: counted(8),
  BINBYTES: counted(4),
  SHORT_BINBYTES: counted(1),
  BINBYTES8: counted(8),
  BYTEARRAY8: counted(8),
  BINGET: (value) => number(1, value),
  LONG_BINGET: (value) => number(4, value),
  BINPUT: (value) => number(1, value),
  LONG_BINPUT: (value) => number(4, value),
  PROTO: (value) => number(1, value),
  FRAME: (value) => number(8, value),
  EXT1: (value) => number(1, value),
  EXT2: (value) => number(2, value),
  EXT4: (value) => number(4, value),
  LONG1: (length, lie = 0) => Buffer.concat([number(1, length + lie), digits(length)]),
  LONG4: (length) => Buffer.concat([number(4, length), digits(Math.max(0, length))]),
};

export function encode(name, ...args) {
  const code = CODES[name];
  const opcode = typeof code === "string" ? Buffer.from(code) : Buffer.from([code]);
  const argument = ARGUMENTS[name]?.(...args);
  return argument ? Buffer.concat([opcode, argument]) : opcode;
}

export const MARK = encode("MARK");
