import type { Budget } from "../../core/limits.js";
import type { Source } from "../../core/source.js";

/** An offset or a length of a flatbuffer points outside it. */
export class BadFlatbuffer extends Error {}

const WINDOW = 64 * 1024;

export interface Vector {
  start: number;
  count: number;
}

/**
 * Reads tables of a flatbuffer (flatbuffers.dev, "Internals") from a source of any size. Every offset is checked before
 * it is followed, as flatbuffers' own verifier does; loaders that skip the verifier read beyond their buffer instead.
 */
export class Flatbuffer {
  private readonly source: Source;
  private readonly budget: Budget;
  private readonly start: number;
  private readonly end: number;
  private window: Buffer = Buffer.alloc(0);
  private base = 0;

  constructor(source: Source, budget: Budget, start = 0, end: number = source.size) {
    this.source = source;
    this.budget = budget;
    this.start = start;
    this.end = end;
  }

  private take(at: number, length: number): Buffer {
    if (at < this.start || at + length > this.end) throw new BadFlatbuffer("an offset points outside");
    if (at < this.base || at + length > this.base + this.window.length) {
      this.base = at;
      this.window = this.source.read(at, Math.min(this.end - at, Math.max(length, WINDOW)));
      if (this.window.length < length) throw new BadFlatbuffer("the bytes end too early");
    }
    return this.window.subarray(at - this.base, at - this.base + length);
  }

  u8(at: number): number {
    return this.take(at, 1).readUInt8(0);
  }

  u16(at: number): number {
    return this.take(at, 2).readUInt16LE(0);
  }

  u32(at: number): number {
    return this.take(at, 4).readUInt32LE(0);
  }

  i32(at: number): number {
    return this.take(at, 4).readInt32LE(0);
  }

  /** Numbers above 2^53 lose their last digits, which no file is large enough to notice. */
  u64(at: number): number {
    return Number(this.take(at, 8).readBigUInt64LE(0));
  }

  root(): number {
    return this.follow(this.start);
  }

  /** The offset that stands at `at`, as an absolute position of what it points to. */
  follow(at: number): number {
    const target = at + this.u32(at);
    if (target === at || target + 4 > this.end) throw new BadFlatbuffer("an offset points outside");
    return target;
  }

  /** Where the value of a table's field lies; 0 when the table has no such field. */
  field(table: number, index: number): number {
    this.budget.step();
    const vtable = table - this.i32(table);
    const size = this.u16(vtable);
    const inline = this.u16(vtable + 2);
    if (size < 4 || size % 2 !== 0 || inline < 4 || table + inline > this.end) {
      throw new BadFlatbuffer("a table is malformed");
    }
    const entry = 4 + index * 2;
    const offset = entry + 2 > size ? 0 : this.u16(vtable + entry);
    if (offset === 0) return 0;
    if (offset < 4 || offset >= inline) throw new BadFlatbuffer("a field lies outside its table");
    return table + offset;
  }

  /** The table that a field points to; 0 when there is none. */
  table(table: number, index: number): number {
    const at = this.field(table, index);
    return at === 0 ? 0 : this.follow(at);
  }

  /** A vector of a table whose items have `width` bytes; empty when there is none. */
  vector(table: number, index: number, width: number): Vector {
    const at = this.field(table, index);
    if (at === 0) return { start: 0, count: 0 };
    const vector = this.follow(at);
    const count = this.u32(vector);
    if (vector + 4 + count * width > this.end) throw new BadFlatbuffer("a vector is longer than the file");
    return { start: vector + 4, count };
  }

  /** The tables of a vector of offsets. */
  *tables(table: number, index: number): Generator<number> {
    const { start, count } = this.vector(table, index, 4);
    for (let i = 0; i < count; i++) {
      this.budget.step(8);
      yield this.follow(start + i * 4);
    }
  }

  /** A vector of 32-bit numbers. */
  *integers(table: number, index: number): Generator<number> {
    const { start, count } = this.vector(table, index, 4);
    for (let i = 0; i < count; i++) {
      this.budget.step();
      yield this.i32(start + i * 4);
    }
  }

  /** The text that starts at its length. */
  textAt(at: number, limit = 4096): string {
    const length = this.u32(at);
    if (at + 4 + length > this.end) throw new BadFlatbuffer("a text is longer than the file");
    return this.take(at + 4, Math.min(length, limit)).toString("utf8");
  }

  text(table: number, index: number, limit = 4096): string | undefined {
    const at = this.table(table, index);
    return at === 0 ? undefined : this.textAt(at, limit);
  }

  /** A scalar field, or what it is when the table leaves it out. */
  number(table: number, index: number, kind: "u8" | "u16" | "u32" | "i32" | "u64", absent = 0): number {
    const at = this.field(table, index);
    return at === 0 ? absent : this[kind](at);
  }
}
