import { EMPTY_ROOT, sha256Into, subtreeRoot } from "./hash.js";
import { HASH_SIZE } from "./merkle.js";
import { TILE_BYTES } from "./tiles.js";

export interface FullTile {
  readonly level: number;
  readonly index: number;
  readonly bytes: Uint8Array;
}

const pair = Buffer.alloc(1 + 2 * HASH_SIZE, 1);
const LEVELS_A_TILE = 8;

/**
 * The right edge of a growing tree: the roots of its perfect subtrees (largest first), and the hashes of the partial tile at each
 * tile level. That is all that appending needs; one hash a leaf on average.
 */
export class Frontier {
  size = 0;
  /** Roots of perfect subtrees, end to end. */
  #roots: Buffer = Buffer.alloc(54 * HASH_SIZE);
  #height = 0;
  /** Per tile level: the hashes of the partial tile, how many, and the tile's index. */
  #levels: { bytes: Buffer; used: number; index: number }[] = [];
  #full: FullTile[] = [];

  clone(): Frontier {
    const copy = new Frontier();
    copy.size = this.size;
    this.#roots.copy(copy.#roots, 0, 0, this.#height * HASH_SIZE);
    copy.#height = this.#height;
    copy.#levels = this.#levels.map(({ bytes, used, index }) => {
      const own = Buffer.allocUnsafeSlow(TILE_BYTES);
      bytes.copy(own, 0, 0, used);
      return { bytes: own, used, index };
    });
    return copy;
  }

  /** Appends the leaf hash at `offset` of `hashes`. */
  push(hashes: Buffer, offset: number): void {
    const roots = this.#roots;
    hashes.copy(roots, this.#height * HASH_SIZE, offset, offset + HASH_SIZE);
    this.#height++;
    this.#extend(0, hashes, offset);
    let height = 0;
    for (let rest = this.size; rest % 2 === 1; rest = (rest - 1) / 2) {
      const at = (this.#height - 2) * HASH_SIZE;
      roots.copy(pair, 1, at, at + 2 * HASH_SIZE);
      sha256Into(pair, roots, at);
      this.#height--;
      height++;
      if (height % LEVELS_A_TILE === 0) this.#extend(height / LEVELS_A_TILE, roots, at);
    }
    this.size++;
  }

  #extend(level: number, source: Buffer, offset: number): void {
    const tile = this.#levels[level] ?? { bytes: Buffer.allocUnsafeSlow(TILE_BYTES), used: 0, index: 0 };
    this.#levels[level] = tile;
    source.copy(tile.bytes, tile.used, offset, offset + HASH_SIZE);
    tile.used += HASH_SIZE;
    if (tile.used < TILE_BYTES) return;
    this.#full.push({ level, index: tile.index, bytes: tile.bytes });
    this.#levels[level] = { bytes: Buffer.allocUnsafeSlow(TILE_BYTES), used: 0, index: tile.index + 1 };
  }

  root(): Uint8Array {
    if (this.#height === 0) return new Uint8Array(EMPTY_ROOT);
    const root = Buffer.alloc(HASH_SIZE);
    const last = (this.#height - 1) * HASH_SIZE;
    this.#roots.copy(root, 0, last, last + HASH_SIZE);
    for (let at = last - HASH_SIZE; at >= 0; at -= HASH_SIZE) {
      this.#roots.copy(pair, 1, at, at + HASH_SIZE);
      root.copy(pair, 1 + HASH_SIZE);
      sha256Into(pair, root, 0);
    }
    return root;
  }

  /** The tiles that were completed since the last call. */
  takeFull(): FullTile[] {
    const full = this.#full;
    this.#full = [];
    return full;
  }

  /** The partial tiles of the present size. */
  partials(): FullTile[] {
    return this.#levels
      .map(({ bytes, used, index }, level) => ({
        level,
        index,
        bytes: new Uint8Array(bytes.subarray(0, used)),
      }))
      .filter(({ bytes }) => bytes.length > 0);
  }

  /** A frontier of `size` from the hashes of the partial tile at each level, as `partials` gives them. */
  static of(size: number, partials: readonly Uint8Array[]): Frontier {
    const frontier = new Frontier();
    frontier.size = size;
    partials.forEach((hashes, level) => {
      const bytes = Buffer.allocUnsafeSlow(TILE_BYTES);
      bytes.set(hashes);
      const index = Math.floor(size / 256 ** (level + 1));
      frontier.#levels[level] = { bytes, used: hashes.length, index };
    });
    for (let level = partials.length - 1; level >= 0; level--) {
      for (const root of perfectRoots(partials[level] ?? new Uint8Array())) {
        frontier.#roots.set(root, frontier.#height * HASH_SIZE);
        frontier.#height++;
      }
    }
    return frontier;
  }
}

/** The roots of the perfect subtrees over a partial tile's hashes, largest first. */
export function perfectRoots(hashes: Uint8Array): Uint8Array[] {
  const roots: Uint8Array[] = [];
  let offset = 0;
  for (let width = TILE_BYTES / 2; width >= HASH_SIZE; width /= 2) {
    if (hashes.length - offset < width) continue;
    roots.push(subtreeRoot(hashes.subarray(offset, offset + width)));
    offset += width;
  }
  return roots;
}
