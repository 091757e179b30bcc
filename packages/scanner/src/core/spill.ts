import { LimitReached } from "./limits.js";
import { bytesSource, type Source } from "./source.js";

/** Bytes that are written once, in order, and read back at any place, also while more are written. */
export interface Spool {
  write(chunk: Uint8Array): void;
  source(): Source;
  close(): void;
}

/** Where unpacked bytes are kept while they are examined. */
export interface Spill {
  create(): Spool;
}

/** Keeps everything in memory, and refuses what is larger than `most` bytes. */
export class MemorySpool implements Spool {
  private readonly most: number;
  private bytes: Buffer = Buffer.alloc(0);
  private length = 0;

  constructor(most: number) {
    this.most = most;
  }

  get size(): number {
    return this.length;
  }

  write(chunk: Uint8Array): void {
    const kept = Math.min(chunk.length, this.most - this.length);
    if (this.length + kept > this.bytes.length) {
      const wanted = Math.min(this.most, Math.max(this.bytes.length * 2, this.length + kept));
      const larger = Buffer.allocUnsafe(wanted);
      this.bytes.copy(larger, 0, 0, this.length);
      this.bytes = larger;
    }
    this.bytes.set(kept < chunk.length ? chunk.subarray(0, kept) : chunk, this.length);
    this.length += kept;
    if (kept < chunk.length) throw new LimitReached("memoryBytes");
  }

  source(): Source {
    return bytesSource(this.bytes.subarray(0, this.length));
  }

  close(): void {
    this.bytes = Buffer.alloc(0);
    this.length = 0;
  }
}

export function memorySpill(most: number): Spill {
  return { create: () => new MemorySpool(most) };
}
