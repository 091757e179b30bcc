import type { Source } from "../core/source.js";
import type { Output } from "./output.js";

const CHUNK = 64 * 1024;

/** Reads packed bytes in order, a chunk at a time. */
export class Input {
  private readonly source: Source;
  private base: number;
  private bytes: Buffer = Buffer.alloc(0);
  private at = 0;

  constructor(source: Source, from = 0) {
    this.source = source;
    this.base = from;
  }

  get position(): number {
    return this.base + this.at;
  }

  get ended(): boolean {
    return this.position >= this.source.size;
  }

  byte(): number {
    if (this.at >= this.bytes.length) this.refill();
    return this.bytes[this.at++] ?? 0;
  }

  /** The next byte, which stays; -1 at the end. */
  peek(): number {
    if (this.ended) return -1;
    if (this.at >= this.bytes.length) this.refill();
    return this.bytes[this.at] ?? -1;
  }

  /** The next bytes, which stay; fewer at the end. */
  look(length: number): Buffer {
    if (this.at + length <= this.bytes.length) return this.bytes.subarray(this.at, this.at + length);
    return this.source.read(this.position, length);
  }

  take(length: number): Buffer {
    const taken = this.look(length);
    if (taken.length < length) throw new Error("truncated");
    this.seek(this.position + length);
    return taken;
  }

  /** Passes bytes on as they are: of a block that is cut off, what there is of it. */
  pass(length: number, out: Output): void {
    out.append(this.look(length));
    this.take(length);
  }

  seek(position: number): void {
    const at = position - this.base;
    if (at >= 0 && at <= this.bytes.length) {
      this.at = at;
      return;
    }
    this.base = position;
    this.bytes = Buffer.alloc(0);
    this.at = 0;
  }

  private refill(): void {
    this.base += this.at;
    this.at = 0;
    this.bytes = this.source.read(this.base, CHUNK);
    if (this.bytes.length === 0) throw new Error("truncated");
  }
}
