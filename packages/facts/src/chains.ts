import { createHash } from "node:crypto";
import type { Digest } from "@countersign/evidence";

/** Where a subject's chain stands: how many entries, and SHA-256(previous hash || leaf hash) over them. */
export interface ChainHead {
  count: number;
  hash: Buffer;
}

const KEY = 24;
const SLOT = KEY + 32 + 4;
const EMPTY: ChainHead = { count: 0, hash: Buffer.alloc(32) };

export const emptyHead = (): ChainHead => ({ count: EMPTY.count, hash: Buffer.from(EMPTY.hash) });

/** One step of the running hash. */
export const extendHead = (head: ChainHead, leafHash: Uint8Array): ChainHead => ({
  count: head.count + 1,
  hash: createHash("sha256").update(head.hash).update(leafHash).digest(),
});

/**
 * Chain heads of every subject of a log in one buffer (open addressing): 60 bytes a slot, where a Map of objects
 * would take 250. Keys are 192 bits of SHA-256(workspace, subject): out of reach for a collision.
 */
export class ChainTable {
  #slots: Buffer;
  #capacity: number;
  #used = 0;

  constructor(capacity = 1024) {
    this.#capacity = capacity;
    this.#slots = Buffer.alloc(capacity * SLOT);
  }

  get subjects(): number {
    return this.#used;
  }

  head(workspace: string, subject: Digest): ChainHead {
    const at = this.#find(keyOf(workspace, subject));
    const count = this.#slots.readUInt32LE(at + KEY + 32);
    if (count === 0) return emptyHead();
    return { count, hash: Buffer.from(this.#slots.subarray(at + KEY, at + KEY + 32)) };
  }

  extend(workspace: string, subject: Digest, leafHash: Uint8Array): void {
    if (this.#used * 4 >= this.#capacity * 3) this.#grow();
    const key = keyOf(workspace, subject);
    const at = this.#find(key);
    const count = this.#slots.readUInt32LE(at + KEY + 32);
    if (count === 0) {
      key.copy(this.#slots, at);
      this.#used++;
    }
    const previous = this.#slots.subarray(at + KEY, at + KEY + 32);
    createHash("sha256")
      .update(previous)
      .update(leafHash)
      .digest()
      .copy(this.#slots, at + KEY);
    this.#slots.writeUInt32LE(count + 1, at + KEY + 32);
  }

  #find(key: Buffer): number {
    let slot = key.readUIntLE(0, 6) % this.#capacity;
    for (;;) {
      const at = slot * SLOT;
      if (this.#slots.readUInt32LE(at + KEY + 32) === 0) return at;
      if (key.equals(this.#slots.subarray(at, at + KEY))) return at;
      slot = (slot + 1) % this.#capacity;
    }
  }

  #grow(): void {
    const old = this.#slots;
    this.#capacity *= 2;
    this.#slots = Buffer.alloc(this.#capacity * SLOT);
    for (let at = 0; at < old.length; at += SLOT) {
      if (old.readUInt32LE(at + KEY + 32) === 0) continue;
      old.copy(this.#slots, this.#find(old.subarray(at, at + KEY)), at, at + SLOT);
    }
  }
}

const keyOf = (workspace: string, subject: Digest): Buffer =>
  createHash("sha256").update(workspace).update("\0").update(subject).digest().subarray(0, KEY);
