import { BrokenPickle, type Handler, type Machine } from "./machine.js";
import { decodeEscapes, decodeRawUnicode, parseInt0, parseLong } from "./text.js";
import { Blob, Opaque, type Value } from "./value.js";

/** Longer text stays where it lies: no name, path or code that matters to a verdict is longer. */
const EAGER_TEXT = 64 * 1024;
const EAGER_LINE = 1024 * 1024;

function text(m: Machine, length: number, encoding: "utf8" | "latin1"): void {
  if (length < 0) throw new BrokenPickle("negative length");
  if (length <= EAGER_TEXT) m.push(encoding === "utf8" ? m.reader.utf8(length) : m.reader.latin1(length));
  else m.push(blob(m, length, true));
}

function blob(m: Machine, length: number, isText: boolean): Blob {
  if (length < 0) throw new BrokenPickle("negative length");
  const offset = m.reader.position;
  m.reader.skip(length);
  return new Blob(m.reader.source, offset, length, isText);
}

function long(m: Machine, length: number): Value {
  if (length < 0) throw new BrokenPickle("negative length");
  if (length === 0) return 0;
  if (length > 32) {
    m.reader.skip(length);
    return new Opaque("number");
  }
  const bytes = m.reader.bytes(length);
  if (length <= 6) return bytes.readIntLE(0, length);
  let value = 0n;
  for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] ?? 0);
  return BigInt.asIntN(8 * length, value);
}

function number(m: Machine, value: boolean | number | bigint | undefined): Value {
  if (value !== undefined) return value;
  m.fault("malformed number");
  return new Opaque("number");
}

function integerLine(m: Machine): Value {
  return number(m, parseInt0(m.reader.line().toString("latin1")));
}

function longLine(m: Machine): Value {
  const line = m.reader.line().toString("latin1");
  return number(m, parseLong(line.endsWith("L") ? line.slice(0, -1) : line, 0));
}

function stringLine(m: Machine): Value {
  const line = m.reader.line();
  if (line.length > EAGER_LINE) {
    return new Blob(m.reader.source, m.reader.position - line.length - 1, line.length, true);
  }
  const raw = line.toString("latin1").trimEnd();
  const quote = raw[0];
  if (raw.length < 2 || (quote !== "'" && quote !== '"') || raw.at(-1) !== quote) {
    m.fault("STRING without quotes");
    return raw;
  }
  return decodeEscapes(raw.slice(1, -1));
}

function unicodeLine(m: Machine): Value {
  const line = m.reader.line();
  if (line.length > EAGER_LINE) {
    return new Blob(m.reader.source, m.reader.position - line.length - 1, line.length, true);
  }
  return decodeRawUnicode(line.toString("latin1"));
}

/** A float is never taken for an index or a code, even without a fraction. */
function floatLine(m: Machine): number {
  const value = Number(m.reader.line().toString("latin1").replaceAll("_", ""));
  return Number.isInteger(value) ? 0.5 : value;
}

/** Opcodes that push one constant. */
export const SCALARS: Record<number, Handler> = {
  78: (m) => m.push(null), // N NONE
  136: (m) => m.push(true), // NEWTRUE
  137: (m) => m.push(false), // NEWFALSE
  73: (m) => m.push(integerLine(m)), // I INT
  74: (m) => m.push(m.reader.i4()), // J BININT
  75: (m) => m.push(m.reader.u1()), // K BININT1
  77: (m) => m.push(m.reader.u2()), // M BININT2
  76: (m) => m.push(longLine(m)), // L LONG
  138: (m) => m.push(long(m, m.reader.u1())), // LONG1
  139: (m) => m.push(long(m, m.reader.i4())), // LONG4
  70: (m) => m.push(floatLine(m)), // F FLOAT
  71: (m) => m.push(m.reader.f8()), // G BINFLOAT
  83: (m) => m.push(stringLine(m)), // S STRING
  84: (m) => text(m, m.reader.i4(), "latin1"), // T BINSTRING
  85: (m) => text(m, m.reader.u1(), "latin1"), // U SHORT_BINSTRING
  66: (m) => m.push(blob(m, m.reader.u4(), false)), // B BINBYTES
  67: (m) => m.push(blob(m, m.reader.u1(), false)), // C SHORT_BINBYTES
  142: (m) => m.push(blob(m, m.reader.u8(), false)), // BINBYTES8
  150: (m) => m.push(blob(m, m.reader.u8(), false)), // BYTEARRAY8
  86: (m) => m.push(unicodeLine(m)), // V UNICODE
  88: (m) => text(m, m.reader.u4(), "utf8"), // X BINUNICODE
  140: (m) => text(m, m.reader.u1(), "utf8"), // SHORT_BINUNICODE
  141: (m) => text(m, m.reader.u8(), "utf8"), // BINUNICODE8
  151: (m) => m.push(new Opaque("buffer")), // NEXT_BUFFER
  152: () => undefined, // READONLY_BUFFER
};
