import { leafHashInto, sha256Into } from "./hash.js";
import { HASH_SIZE } from "./merkle.js";
import type { Run } from "./run.js";

const WORDS = HASH_SIZE / 4;

/** Hashes end to end. Moving one is eight words, where a Buffer would make a view first: appending does this a lot. */
export class Hashes {
  readonly bytes: Buffer;
  readonly words: Uint32Array;

  constructor(count: number) {
    this.bytes = Buffer.allocUnsafeSlow(count * HASH_SIZE);
    this.words = new Uint32Array(this.bytes.buffer, this.bytes.byteOffset, count * WORDS);
  }

  static of(bytes: Uint8Array, count: number = bytes.length / HASH_SIZE): Hashes {
    const hashes = new Hashes(count);
    hashes.bytes.set(bytes);
    return hashes;
  }

  static ofLeaves(run: Run): Hashes {
    const hashes = new Hashes(run.count);
    for (let at = 0; at < run.count; at++) leafHashInto(run.leaf(at), hashes.bytes, at * HASH_SIZE);
    return hashes;
  }

  get count(): number {
    return this.words.length / WORDS;
  }

  set(index: number, from: Hashes, fromIndex: number): void {
    const [source, target] = [from.words, this.words];
    const [start, end] = [fromIndex * WORDS, (fromIndex + 1) * WORDS];
    for (let i = start, j = index * WORDS; i < end; i++, j++) target[j] = source[i] ?? 0;
  }

  setLeaf(index: number, leaf: Uint8Array): void {
    leafHashInto(leaf, this.bytes, index * HASH_SIZE);
  }

  /** The hash of the node over two hashes. */
  setNode(index: number, left: Hashes, leftIndex: number, right: Hashes, rightIndex: number): void {
    pair.set(0, left, leftIndex);
    pair.set(1, right, rightIndex);
    sha256Into(node, this.bytes, index * HASH_SIZE);
  }

  equals(index: number, other: Hashes, otherIndex: number): boolean {
    for (let i = 0; i < WORDS; i++) {
      if (this.words[index * WORDS + i] !== other.words[otherIndex * WORDS + i]) return false;
    }
    return true;
  }

  /** Only the hashes at these places. */
  pick(places: readonly number[]): Hashes {
    const picked = new Hashes(places.length);
    for (const [i, place] of places.entries()) picked.set(i, this, place);
    return picked;
  }

  /** The bytes of a run of hashes; a view. */
  slice(from: number, to: number): Buffer {
    return this.bytes.subarray(from * HASH_SIZE, to * HASH_SIZE);
  }
}

// The two hashes of a node behind its prefix 1 (RFC 6962 section 2.1), placed so that they lie on words.
const room = Buffer.alloc(4 + 2 * HASH_SIZE, 1);
const node = room.subarray(3);
const pair = Object.assign(Object.create(Hashes.prototype) as Hashes, {
  bytes: room.subarray(4),
  words: new Uint32Array(room.buffer, room.byteOffset + 4, 2 * WORDS),
});
