import type { Budget } from "../core/limits.js";
import type { Source } from "../core/source.js";

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

/** Reads fields of one message between two offsets, without reading what lies inside them. */
export function* fields(source: Source, start: number, end: number, budget: Budget): Generator<Field> {
  let base = start;
  let window = source.read(base, Math.min(WINDOW, end - start));
  let at = start;
  const byte = (): number => {
    if (at >= end) throw new BadProtobuf("a message ends inside a field");
    if (at < base || at >= base + window.length) {
      base = at;
      window = source.read(base, Math.min(WINDOW, end - at));
    }
    return window[at++ - base] ?? 0;
  };
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const next = byte();
      value += (next & 0x7f) * 2 ** shift;
      if (!(next & 0x80)) return value;
    }
    throw new BadProtobuf("a number is too long");
  };
  while (at < end) {
    budget.step();
    const tag = varint();
    const number = Math.floor(tag / 8);
    const wire = tag % 8;
    if (number === 0) throw new BadProtobuf("a field has the number 0");
    if (wire === 0) yield { number, wire, value: varint(), offset: at };
    else if (wire === 1 || wire === 5) {
      yield { number, wire, value: wire === 1 ? 8 : 4, offset: at };
      at += wire === 1 ? 8 : 4;
    } else if (wire === 2) {
      const length = varint();
      if (at + length > end) throw new BadProtobuf("a field is longer than its message");
      const offset = at;
      at += length;
      yield { number, wire, value: length, offset };
    } else throw new BadProtobuf(`the wire type ${wire} is unknown`);
    if (at > end) throw new BadProtobuf("a message ends inside a field");
  }
}

export function text(source: Source, field: Field, limit = 65_536): string {
  return source.read(field.offset, Math.min(field.value, limit)).toString("utf8");
}
