const SLOT = 3;

/**
 * Which entry a leaf hash may be: open addressing, 12 bytes a slot (8 of the hash, 4 of the index), so that two million entries
 * take 48 MB. It only proposes; the caller compares the whole hash. That makes it exact, and makes stale slots harmless.
 */
export class LeafIndex {
  #slots = new Uint32Array(SLOT * 1024);
  #mask = 1023;
  #used = 0;

  /** The entries whose hash begins like the one at `offset`. */
  *candidates(hashes: Buffer, offset: number): Generator<number> {
    const first = hashes.readUInt32LE(offset);
    const second = hashes.readUInt32LE(offset + 4);
    for (let slot = second & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const at = slot * SLOT;
      const entry = this.#slots[at + 2] ?? 0;
      if (entry === 0) return;
      if (this.#slots[at] === first && this.#slots[at + 1] === second) yield entry - 1;
    }
  }

  /** False at once for nearly every new leaf. */
  mayHave(hashes: Buffer, offset: number): boolean {
    const first = hashes.readUInt32LE(offset);
    const second = hashes.readUInt32LE(offset + 4);
    for (let slot = second & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const at = slot * SLOT;
      if (this.#slots[at + 2] === 0) return false;
      if (this.#slots[at] === first && this.#slots[at + 1] === second) return true;
    }
  }

  add(hashes: Buffer, offset: number, index: number): void {
    if (this.#used * 4 >= (this.#mask + 1) * 3) this.#grow();
    this.#put(hashes.readUInt32LE(offset), hashes.readUInt32LE(offset + 4), index + 1);
    this.#used++;
  }

  #put(first: number, second: number, entry: number): void {
    let slot = second & this.#mask;
    while (this.#slots[slot * SLOT + 2] !== 0) slot = (slot + 1) & this.#mask;
    this.#slots[slot * SLOT] = first;
    this.#slots[slot * SLOT + 1] = second;
    this.#slots[slot * SLOT + 2] = entry;
  }

  #grow(): void {
    const old = this.#slots;
    this.#mask = this.#mask * 2 + 1;
    this.#slots = new Uint32Array(old.length * 2);
    for (let at = 0; at < old.length; at += SLOT) {
      const entry = old[at + 2] ?? 0;
      if (entry !== 0) this.#put(old[at] ?? 0, old[at + 1] ?? 0, entry);
    }
  }
}
