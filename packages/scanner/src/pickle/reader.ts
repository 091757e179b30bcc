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

  /** A FRAME of this length begins. It bounds nothing: opcodes are read in the order in which they lie. */
  frame(_length: number): void {}

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
  protected need(length: number): number {
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

  /** An unsigned 64-bit length; beyond what any file can hold it need not be exact. */
  u8(): number {
    const start = this.need(8);
    return this.buffer.readUInt32LE(start) + this.buffer.readUInt32LE(start + 4) * 2 ** 32;
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
   * the input, anything else. Where nothing is left the Python unpickler goes on with an empty line.
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
        const text = this.buffer.subarray(this.at, Math.max(this.at, this.held - 1));
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

/**
 * Reads as the C unpickler does from a file in which it cannot look ahead: it takes a FRAME as a whole, and a read that
 * goes beyond the frame begins behind it, so that the last bytes of the frame are lost.
 */
export class FrameReader extends Reader {
  private frameEnd = -1;

  override frame(length: number): void {
    this.leave(length);
    this.frameEnd = Math.max(this.frameEnd, this.position + length);
  }

  private leave(length: number): void {
    const { position } = this;
    if (position < this.frameEnd && position + length > this.frameEnd) this.seek(this.frameEnd);
  }

  protected override need(length: number): number {
    this.leave(length);
    return super.need(length);
  }

  override skip(length: number): void {
    this.leave(length);
    super.skip(length);
  }

  override line(): Buffer {
    if (this.position >= this.frameEnd) return super.line();
    const text = super.line();
    if (this.position <= this.frameEnd) return text;
    this.seek(this.frameEnd);
    return super.line();
  }
}
