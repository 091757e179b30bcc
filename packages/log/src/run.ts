import { concatBytes } from "./bytes.js";

/** Consecutive leaves in one block, laid out as in a C2SP entry bundle: each behind its length in 16 bits. */
export class Run {
  readonly bytes: Uint8Array;
  /** Where each leaf ends. */
  readonly #ends: Uint32Array;

  private constructor(bytes: Uint8Array, ends: Uint32Array) {
    this.bytes = bytes;
    this.#ends = ends;
  }

  /** Copies the leaves, as their owner may use its buffers again. */
  static pack(leaves: readonly Uint8Array[]): Run {
    const block = Buffer.allocUnsafeSlow(leaves.reduce((sum, { length }) => sum + 2 + length, 0));
    const ends = new Uint32Array(leaves.length);
    let offset = 0;
    for (const [i, leaf] of leaves.entries()) {
      block[offset] = leaf.length >> 8;
      block[offset + 1] = leaf.length;
      block.set(leaf, offset + 2);
      offset += 2 + leaf.length;
      ends[i] = offset;
    }
    return new Run(block, ends);
  }

  /** Undefined when the bytes do not end where a leaf ends. */
  static parse(bytes: Uint8Array): Run | undefined {
    const ends: number[] = [];
    for (let offset = 0; offset < bytes.length; ) {
      offset += 2 + (bytes[offset] ?? 0) * 256 + (bytes[offset + 1] ?? 0);
      if (offset > bytes.length) return undefined;
      ends.push(offset);
    }
    return new Run(bytes, Uint32Array.from(ends));
  }

  get count(): number {
    return this.#ends.length;
  }

  leaf(index: number): Uint8Array {
    return this.bytes.subarray(this.#start(index) + 2, this.#ends[index]);
  }

  leaves(): Uint8Array[] {
    return Array.from(this.#ends, (_, index) => this.leaf(index));
  }

  /** A part, as a view. */
  slice(from: number, to: number): Run {
    if (from === 0 && to >= this.count) return this;
    const start = this.#start(from);
    const ends = this.#ends.slice(from, to).map((end) => end - start);
    return new Run(this.bytes.subarray(start, start + (ends.at(-1) ?? 0)), ends);
  }

  /** Only the leaves at these places. */
  pick(indexes: readonly number[]): Run {
    return indexes.length === this.count ? this : Run.pack(indexes.map((index) => this.leaf(index)));
  }

  #start(index: number): number {
    return index === 0 ? 0 : (this.#ends[index - 1] ?? 0);
  }
}

export function joinRuns(runs: readonly Run[]): Uint8Array {
  return concatBytes(...runs.map(({ bytes }) => bytes));
}
