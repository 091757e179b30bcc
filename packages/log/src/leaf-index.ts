import type { Hashes } from "./hashes.js";

const SLOT = 3;
const WORDS = 8;
const HEADER = 4;

/**
 * Which entry a leaf hash may be: open addressing, 12 bytes a slot (8 of the hash, 4 of the index), so that two million entries
 * take 48 MB. It only proposes; the caller compares the whole hash. That makes it exact, and makes stale slots harmless.
 */
export class LeafIndex {
  #slots = new Uint32Array(SLOT * 1024);
  #mask = 1023;
  #used = 0;

  /** The entries whose hash begins like the one at `at`. */
  *candidates({ words }: Hashes, at: number): Generator<number> {
    const [first = 0, second = 0] = words.subarray(at * WORDS, at * WORDS + 2);
    for (let slot = this.#find(first, second, second & this.#mask); slot >= 0; ) {
      yield (this.#slots[slot * SLOT + 2] ?? 0) - 1;
      slot = this.#find(first, second, (slot + 1) & this.#mask);
    }
  }

  /** False for nearly every new leaf. */
  mayHave({ words }: Hashes, at: number): boolean {
    const second = words[at * WORDS + 1] ?? 0;
    return this.#find(words[at * WORDS] ?? 0, second, second & this.#mask) >= 0;
  }

  #find(first: number, second: number, from: number): number {
    const [slots, mask] = [this.#slots, this.#mask];
    for (let slot = from; slots[slot * SLOT + 2] !== 0; slot = (slot + 1) & mask) {
      if (slots[slot * SLOT] === first && slots[slot * SLOT + 1] === second) return slot;
    }
    return -1;
  }

  add({ words }: Hashes, at: number, entry: number): void {
    if (this.#used * 4 >= (this.#mask + 1) * 3) this.#grow();
    this.#put(words[at * WORDS] ?? 0, words[at * WORDS + 1] ?? 0, entry + 1);
  }

  /** What is there already stays as it is, so that an append that fails again and again takes no more room. */
  #put(first: number, second: number, value: number): void {
    const [slots, mask] = [this.#slots, this.#mask];
    let slot = second & mask;
    for (; slots[slot * SLOT + 2] !== 0; slot = (slot + 1) & mask) {
      if (slots[slot * SLOT + 2] === value && slots[slot * SLOT] === first) return;
    }
    slots[slot * SLOT] = first;
    slots[slot * SLOT + 1] = second;
    slots[slot * SLOT + 2] = value;
    this.#used++;
  }

  #grow(): void {
    const old = this.#slots;
    this.#mask = this.#mask * 2 + 1;
    this.#slots = new Uint32Array(old.length * 2);
    this.#used = 0;
    for (let at = 0; at < old.length; at += SLOT) {
      const value = old[at + 2] ?? 0;
      if (value !== 0) this.#put(old[at] ?? 0, old[at + 1] ?? 0, value);
    }
  }

  /** The slots as they are, behind how many are in use. */
  encode(): Uint8Array {
    const bytes = new Uint8Array(HEADER + this.#slots.byteLength);
    new DataView(bytes.buffer).setUint32(0, this.#used);
    bytes.set(new Uint8Array(this.#slots.buffer), HEADER);
    return bytes;
  }

  /** Undefined when the bytes cannot be those of an index. Who made them is the caller's matter. */
  static decode(bytes: Uint8Array): LeafIndex | undefined {
    const count = (bytes.length - HEADER) / (SLOT * 4);
    if (!Number.isInteger(Math.log2(count)) || count < 1024) return undefined;
    const index = new LeafIndex();
    index.#used = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
    index.#mask = count - 1;
    index.#slots = new Uint32Array(new Uint8Array(bytes.subarray(HEADER)).buffer);
    return index.#used * 4 <= count * 3 + 4 ? index : undefined;
  }
}
