import { concat } from "./protobuf.js";

/** Opcodes of pickle protocol 2, by the names of Python's pickletools. Each is bytes; a program is their sequence. */
export type Opcode = Uint8Array;

const utf8 = new TextEncoder();
const code = (letter: string): Opcode => utf8.encode(letter);

const PROTO_2: Opcode = Uint8Array.of(0x80, 2);
const STOP: Opcode = code(".");
export const MARK: Opcode = code("(");
const REDUCE: Opcode = code("R");
const EMPTY_TUPLE: Opcode = code(")");
const TUPLE: Opcode = code("t");
export const POP: Opcode = code("0");
export const SETITEMS: Opcode = code("u");
export const BINPERSID: Opcode = code("Q");
export const NEWFALSE: Opcode = Uint8Array.of(0x89);

/** GLOBAL: a class or function by its module and name. This is the opcode that can name anything in Python. */
export function global(module: string, name: string): Opcode {
  return code(`c${module}\n${name}\n`);
}

/** BINUNICODE */
export function string(value: string): Opcode {
  const encoded = utf8.encode(value);
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, encoded.length, true);
  return concat([code("X"), length, encoded]);
}

/** BININT1, BININT2 or BININT: the shortest, as Python picks it. */
export function integer(value: number): Opcode {
  if (value < 256) return concat([code("K"), Uint8Array.of(value)]);
  if (value < 65_536) return concat([code("M"), Uint8Array.of(value % 256, value >>> 8)]);
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, value, true);
  return concat([code("J"), bytes]);
}

export function tuple(items: readonly Opcode[]): Opcode {
  return items.length === 0 ? EMPTY_TUPLE : concat([MARK, ...items, TUPLE]);
}

/** Calls what `callable` names with these arguments, when it is unpickled. */
export function call(callable: Opcode, items: readonly Opcode[]): Opcode {
  return concat([callable, tuple(items), REDUCE]);
}

export function program(opcodes: readonly Opcode[]): Uint8Array {
  return concat([PROTO_2, ...opcodes, STOP]);
}
