import { LimitReached } from "../core/limits.js";
import type { Source } from "../core/source.js";
import { RecentText } from "./recent-text.js";

const WINDOW = 256 * 1024;
const MAX_LINE = 64 * 1024 * 1024;
const NEWLINE = 10;

/** The input ended inside an opcode. */
export class EndOfPickle extends Error {}

/** A window over a pickle stream: small arguments are decoded from it, long ones are skipped without reading. */
export class Reader {
  readonly source: Source;
  private readonly recent = new RecentText();
  private buffer: Buffer;
  private base: number;
  private at = 0;
  /** How many bytes the window holds. */
  private held: number;

  constructor(source: Source, start: number) {
    this.source = source;
    this.base = start;
    this.buffer = source.read(start, WINDOW);
    this.held = this.buffer.length;
  }

  private load(position: number, length: number): void {
    this.base = position;
    this.buffer = this.source.read(position, length);
    this.held = this.buffer.length;
  }

  get position(): number {
    return this.base + this.at;
  }

  get remaining(): number {
    return this.source.size - this.position;
  }

  skip(length: number): void {
    if (length > this.remaining) throw new EndOfPickle("truncated");
    this.seek(this.position + length);
  }

  seek(position: number): void {
    const at = position - this.base;
    if (at >= 0 && at <= this.held) {
      this.at = at;
      return;
    }
    this.at = 0;
    this.load(position, WINDOW);
  }

  /** Makes `length` bytes available in the window and answers where they start in it. */
  private need(length: number): number {
    const start = this.at;
    if (start + length <= this.held) {
      this.at = start + length;
      return start;
    }
    if (length > this.remaining) throw new EndOfPickle("truncated");
    this.load(this.position, Math.max(WINDOW, length));
    this.at = length;
    return 0;
  }

  /** The next byte, or -1 at the end. */
  opcode(): number {
    if (this.at < this.held) return this.buffer[this.at++] ?? -1;
    if (this.remaining <= 0) return -1;
    const start = this.need(1);
    return this.buffer[start] ?? -1;
  }

  u1(): number {
    const start = this.need(1);
    return this.buffer[start] ?? 0;
  }

  u2(): number {
    const start = this.need(2);
    return this.buffer.readUInt16LE(start);
  }

  u4(): number {
    const start = this.need(4);
    return this.buffer.readUInt32LE(start);
  }

  i4(): number {
    const start = this.need(4);
    return this.buffer.readInt32LE(start);
  }

  /** An unsigned 64-bit length; more than a file can hold is a truncation. */
  u8(): number {
    const start = this.need(8);
    const value = this.buffer.readUInt32LE(start) + this.buffer.readUInt32LE(start + 4) * 2 ** 32;
    if (value > Number.MAX_SAFE_INTEGER) throw new EndOfPickle("a length beyond any file");
    return value;
  }

  /** Skips a float: no verdict depends on one, and a boxed number each would cost memory. */
  f8(): number {
    this.need(8);
    return 0.5;
  }

  utf8(length: number): string {
    const start = this.need(length);
    return this.recent.get(this.buffer, start, length) ?? this.buffer.toString("utf8", start, start + length);
  }

  latin1(length: number): string {
    const start = this.need(length);
    return (
      this.recent.get(this.buffer, start, length) ?? this.buffer.toString("latin1", start, start + length)
    );
  }

  bytes(length: number): Buffer {
    const start = this.need(length);
    return this.buffer.subarray(start, start + length);
  }

  /**
   * A line without its last character. The C unpickler drops that character whether it is a newline or, at the end of
   * the input, anything else.
   */
  line(): Buffer {
    let size = WINDOW;
    for (;;) {
      const found = this.buffer.indexOf(NEWLINE, this.at);
      if (found >= 0) {
        const text = this.buffer.subarray(this.at, found);
        this.at = found + 1;
        return text;
      }
      const available = this.held - this.at;
      if (available >= this.remaining) {
        if (available < 1) throw new EndOfPickle("truncated");
        const text = this.buffer.subarray(this.at, this.held - 1);
        this.at = this.held;
        return text;
      }
      if (size > MAX_LINE) throw new LimitReached("textBytes");
      size *= 4;
      this.load(this.position, size);
      this.at = 0;
    }
  }
}
