import { HASH_SIZE } from "./merkle.js";
import { TILE_WIDTH } from "./tiles.js";

/** The newest entries, in memory: those not yet in tiles, and those of their first bundle that are. */
export class Tail {
  #from: number;
  #leaves: Uint8Array[] = [];
  #hashes: Buffer = Buffer.alloc(TILE_WIDTH * HASH_SIZE);
  #bytes = 0;

  constructor(from: number) {
    this.#from = from;
  }

  get size(): number {
    return this.#from + this.#leaves.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  push(leaf: Uint8Array, hashes: Buffer, offset: number): void {
    const at = this.#leaves.length * HASH_SIZE;
    if (at === this.#hashes.length) {
      const larger = Buffer.alloc(at * 2);
      this.#hashes.copy(larger);
      this.#hashes = larger;
    }
    hashes.copy(this.#hashes, at, offset, offset + HASH_SIZE);
    this.#leaves.push(leaf);
    this.#bytes += leaf.length;
  }

  has(index: number): boolean {
    return index >= this.#from && index < this.size;
  }

  leaf(index: number): Uint8Array | undefined {
    return this.#leaves[index - this.#from];
  }

  /** Whether the entry at `index` has the hash at `offset` of `hashes`. */
  matches(index: number, hashes: Buffer, offset: number): boolean {
    const at = (index - this.#from) * HASH_SIZE;
    return hashes.compare(this.#hashes, at, at + HASH_SIZE, offset, offset + HASH_SIZE) === 0;
  }

  slice(from: number, to: number): Uint8Array[] {
    return this.#leaves.slice(Math.max(0, from - this.#from), to - this.#from);
  }

  /** Forgets every whole bundle below `size`. */
  drop(size: number): void {
    const count = Math.floor(size / TILE_WIDTH) * TILE_WIDTH - this.#from;
    if (count <= 0) return;
    for (const leaf of this.#leaves.slice(0, count)) this.#bytes -= leaf.length;
    this.#leaves = this.#leaves.slice(count);
    this.#hashes = Buffer.from(this.#hashes.subarray(count * HASH_SIZE));
    if (this.#hashes.length === 0) this.#hashes = Buffer.alloc(TILE_WIDTH * HASH_SIZE);
    this.#from += count;
  }
}
