import type { Budget } from "../../core/limits.js";
import type { Source } from "../../core/source.js";

export interface Field {
  number: number;
  wire: 0 | 1 | 2 | 5;
  /** A varint's value; the length of a length-delimited field. */
  value: number;
  /** Where the content of a length-delimited field starts. */
  offset: number;
}

export class BadProtobuf extends Error {}

const WINDOW = 64 * 1024;

/** A window over a message that decodes numbers. */
class Cursor {
  at: number;
  readonly end: number;
  private readonly source: Source;
  private base: number;
  private window: Buffer;
  constructor(source: Source, start: number, end: number) {
    this.source = source;
    this.at = start;
    this.base = start;
    this.end = end;
    this.window = source.read(start, Math.min(WINDOW, end - start));
  }
  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const next = this.byte();
      value += (next & 0x7f) * 2 ** shift;
      if (!(next & 0x80)) return value;
    }
    throw new BadProtobuf("a number is too long");
  }
  private byte(): number {
    if (this.at >= this.end) throw new BadProtobuf("a message ends inside a field");
    if (this.at >= this.base + this.window.length) {
      this.base = this.at;
      this.window = this.source.read(this.base, Math.min(WINDOW, this.end - this.at));
    }
    return this.window[this.at++ - this.base] ?? 0;
  }
}

/** Reads fields of one message between two offsets, without reading what lies inside them. Groups are skipped. */
export function* fields(source: Source, start: number, end: number, budget: Budget): Generator<Field> {
  const cursor = new Cursor(source, start, end);
  let groups = 0;
  while (cursor.at < end) {
    budget.step();
    const field = readField(cursor);
    if (typeof field === "object") {
      if (groups === 0) yield field;
    } else {
      groups += field;
      if (groups < 0) throw new BadProtobuf("a group ends that did not begin");
    }
  }
}

/** A field, or 1 where a group begins and -1 where it ends: parsers still skip these. */
function readField(cursor: Cursor): Field | 1 | -1 {
  const tag = cursor.varint();
  const number = Math.floor(tag / 8);
  const wire = tag % 8;
  if (number === 0) throw new BadProtobuf("a field has the number 0");
  if (wire === 0) return { number, wire, value: cursor.varint(), offset: cursor.at };
  if (wire === 3) return 1;
  if (wire === 4) return -1;
  if (wire !== 1 && wire !== 2 && wire !== 5) throw new BadProtobuf(`the wire type ${wire} is unknown`);
  const value = wire === 2 ? cursor.varint() : wire === 1 ? 8 : 4;
  const offset = cursor.at;
  cursor.at += value;
  if (cursor.at > cursor.end) throw new BadProtobuf("a field is longer than its message");
  return { number, wire, value, offset };
}

export function text(source: Source, field: Field, limit = 65_536): string {
  return source.read(field.offset, Math.min(field.value, limit)).toString("utf8");
}
