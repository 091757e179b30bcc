import { equalBytes } from "./bytes.js";

/**
 * Work that needs SHA-256: it yields bytes and is handed their digest. The same work runs with Node's synchronous hash
 * (`hashNow`) and with a browser's asynchronous one (`hashLater`).
 */
export type Hashing<T> = Generator<Uint8Array, T, Uint8Array>;

export function hashNow<T>(work: Hashing<T>, sha256: (bytes: Uint8Array) => Uint8Array): T {
  let step = work.next();
  while (!step.done) step = work.next(sha256(step.value));
  return step.value;
}

export async function hashLater<T>(
  work: Hashing<T>,
  sha256: (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>,
): Promise<T> {
  let step = work.next();
  while (!step.done) step = work.next(await sha256(step.value));
  return step.value;
}

export const HASH_SIZE = 32;

/** What a leaf hash is the SHA-256 of (RFC 6962 section 2.1). */
export function leafPreimage(leaf: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(leaf.length + 1);
  bytes.set(leaf, 1);
  return bytes;
}

/** What an interior node is the SHA-256 of (RFC 6962 section 2.1). */
export function nodePreimage(left: Uint8Array, right: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(1 + left.length + right.length);
  bytes[0] = 1;
  bytes.set(left, 1);
  bytes.set(right, 1 + left.length);
  return bytes;
}

function half(value: number): number {
  return Math.floor(value / 2);
}

function isOdd(value: number): boolean {
  return value % 2 === 1;
}

function areHashes(hashes: readonly Uint8Array[]): boolean {
  return hashes.every((hash) => hash.length === HASH_SIZE);
}

/** RFC 9162 section 2.1.3.2: whether `proof` leads from the leaf at `index` to the root of a tree of `size`. */
export function* provesInclusion(
  index: number,
  size: number,
  leafHash: Uint8Array,
  proof: readonly Uint8Array[],
  root: Uint8Array,
): Hashing<boolean> {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return false;
  if (!areHashes([leafHash, ...proof])) return false;
  let [first, last, hash] = [index, size - 1, leafHash];
  for (const sibling of proof) {
    if (last === 0) return false;
    if (isOdd(first) || first === last) {
      hash = yield nodePreimage(sibling, hash);
      while (!isOdd(first) && first !== 0) [first, last] = [half(first), half(last)];
    } else {
      hash = yield nodePreimage(hash, sibling);
    }
    [first, last] = [half(first), half(last)];
  }
  return last === 0 && equalBytes(hash, root);
}

/** A subtree of the MTC draft, section 4.1: [start, end) with `start` a multiple of the power of two that holds it. */
function isSubtree(start: number, end: number): boolean {
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || end < start) return false;
  let width = 1;
  while (width < end - start) width *= 2;
  return start % width === 0;
}

export function* provesSubtreeInclusion(
  index: number,
  start: number,
  end: number,
  leafHash: Uint8Array,
  proof: readonly Uint8Array[],
  root: Uint8Array,
): Hashing<boolean> {
  if (!isSubtree(start, end) || index < start || index >= end) return false;
  return yield* provesInclusion(index - start, end - start, leafHash, proof, root);
}

/** RFC 9162 section 2.1.4.2: whether the tree of size `to` begins with the tree of size `from`. */
export function* provesConsistency(
  from: number,
  to: number,
  proof: readonly Uint8Array[],
  fromRoot: Uint8Array,
  toRoot: Uint8Array,
): Hashing<boolean> {
  if (from === 0) return false;
  return yield* provesSubtreeConsistency(0, from, to, proof, fromRoot, toRoot);
}

/** Where a proof stands: the first and last node of the subtree and the last of the tree, at the present level. */
class Place {
  constructor(
    public first: number,
    public last: number,
    public top: number,
  ) {}

  up(): void {
    this.first = half(this.first);
    this.last = half(this.last);
    this.top = half(this.top);
  }

  get siblingIsLeft(): boolean {
    return isOdd(this.last) || this.last === this.top;
  }
}

/** MTC draft section 4.4: whether the tree of `size` contains the subtree [start, end). */
export function* provesSubtreeConsistency(
  start: number,
  end: number,
  size: number,
  proof: readonly Uint8Array[],
  subtreeRoot: Uint8Array,
  root: Uint8Array,
): Hashing<boolean> {
  if (!isSubtree(start, end) || !Number.isSafeInteger(size) || end > size || !areHashes(proof)) return false;
  if (start === end) return proof.length === 0 && equalBytes(subtreeRoot, yield new Uint8Array());
  const place = new Place(start, end - 1, size - 1);
  while (place.first !== place.last && place.siblingIsLeft) place.up();
  const whole = place.first === place.last;
  const seed = whole ? subtreeRoot : proof[0];
  if (!seed) return false;
  const roots = yield* climb(place, seed, whole ? proof : proof.slice(1));
  return roots !== undefined && equalBytes(roots.subtree, subtreeRoot) && equalBytes(roots.tree, root);
}

/** The roots of the subtree and of the whole tree that `proof` leads to from `seed`. */
function* climb(
  place: Place,
  seed: Uint8Array,
  proof: readonly Uint8Array[],
): Hashing<{ subtree: Uint8Array; tree: Uint8Array } | undefined> {
  let [subtree, tree] = [seed, seed];
  for (const sibling of proof) {
    if (place.top === 0) return undefined;
    if (place.siblingIsLeft) {
      if (place.first < place.last) subtree = yield nodePreimage(sibling, subtree);
      tree = yield nodePreimage(sibling, tree);
      while (!isOdd(place.last)) place.up();
    } else {
      tree = yield nodePreimage(tree, sibling);
    }
    place.up();
  }
  return place.top === 0 ? { subtree, tree } : undefined;
}
