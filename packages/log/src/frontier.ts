import { EMPTY_ROOT, nodeHash, subtreeRoot } from "./hash.js";
import { Hashes } from "./hashes.js";
import { HASH_SIZE } from "./merkle.js";
import { TILE_BYTES, TILE_WIDTH } from "./tiles.js";

export interface Tile {
  readonly level: number;
  readonly index: number;
  readonly bytes: Uint8Array;
}

interface PartialTile {
  hashes: Hashes;
  used: number;
  index: number;
}

const LEVELS_A_TILE = 8;
/** As many perfect subtrees as a tree of 2^53 leaves can have, and one more while they join. */
const MAX_ROOTS = 55;

/**
 * The right edge of a growing tree: the roots of its perfect subtrees (largest first), and the hashes of the partial tile at each
 * tile level. That is all that appending needs; one hash a leaf on average.
 */
export class Frontier {
  size = 0;
  #roots = new Hashes(MAX_ROOTS);
  #height = 0;
  #levels: PartialTile[] = [];
  #full: Tile[] = [];

  /** A copy to go on with. The tiles are shared: both only read what they hold and write behind it. */
  clone(): Frontier {
    const copy = new Frontier();
    copy.size = this.size;
    copy.#roots.words.set(this.#roots.words);
    copy.#height = this.#height;
    copy.#levels = this.#levels.map(({ hashes, used, index }) => ({ hashes, used, index }));
    return copy;
  }

  pushAll(hashes: Hashes): void {
    for (let at = 0; at < hashes.count; at++) this.push(hashes, at);
  }

  push(hashes: Hashes, at: number): void {
    const roots = this.#roots;
    this.#extend(0, hashes, at);
    roots.set(this.#height++, hashes, at);
    let height = 0;
    for (let rest = this.size; (rest & 1) === 1; rest = (rest - 1) / 2) {
      const left = --this.#height - 1;
      roots.setNode(left, roots, left, roots, left + 1);
      height++;
      if (height % LEVELS_A_TILE === 0) this.#extend(height / LEVELS_A_TILE, roots, left);
    }
    this.size++;
  }

  #extend(level: number, hashes: Hashes, at: number): void {
    let tile = this.#levels[level];
    if (!tile) {
      tile = { hashes: new Hashes(TILE_WIDTH), used: 0, index: 0 };
      this.#levels[level] = tile;
    }
    tile.hashes.set(tile.used++, hashes, at);
    if (tile.used < TILE_WIDTH) return;
    this.#full.push({ level, index: tile.index++, bytes: tile.hashes.bytes });
    tile.hashes = new Hashes(TILE_WIDTH);
    tile.used = 0;
  }

  root(): Uint8Array {
    if (this.#height === 0) return new Uint8Array(EMPTY_ROOT);
    const root = new Hashes(1);
    root.set(0, this.#roots, this.#height - 1);
    for (let at = this.#height - 2; at >= 0; at--) root.setNode(0, this.#roots, at, root, 0);
    return root.bytes;
  }

  /** The tiles that were completed since the last call. */
  takeFull(): Tile[] {
    const full = this.#full;
    this.#full = [];
    return full;
  }

  /** The partial tiles of the present size. */
  partials(): Tile[] {
    return this.#levels
      .map(({ hashes, used, index }, level) => ({
        level,
        index,
        bytes: new Uint8Array(hashes.slice(0, used)),
      }))
      .filter(({ bytes }) => bytes.length > 0);
  }

  /** A frontier of `size` from the hashes of the partial tile at each level. */
  static of(size: number, partials: readonly Uint8Array[]): Frontier {
    const frontier = new Frontier();
    frontier.size = size;
    frontier.#levels = partials.map((bytes, level) => ({
      hashes: Hashes.of(bytes, TILE_WIDTH),
      used: bytes.length / HASH_SIZE,
      index: Math.floor(size / TILE_WIDTH ** (level + 1)),
    }));
    for (const root of partials.toReversed().flatMap(perfectRoots)) {
      frontier.#roots.set(frontier.#height++, Hashes.of(root), 0);
    }
    return frontier;
  }
}

/** The roots of the perfect subtrees over a partial tile's hashes, largest first. */
function perfectRoots(hashes: Uint8Array): Uint8Array[] {
  const roots: Uint8Array[] = [];
  let offset = 0;
  for (let width = TILE_BYTES / 2; width >= HASH_SIZE; width /= 2) {
    if (hashes.length - offset < width) continue;
    roots.push(subtreeRoot(hashes.subarray(offset, offset + width)));
    offset += width;
  }
  return roots;
}

/** The root of a tree from the partial tiles of its right edge, lowest level first. */
export function edgeRoot(partials: readonly Uint8Array[]): Uint8Array {
  const roots = partials.toReversed().flatMap(perfectRoots);
  return roots.length === 0 ? EMPTY_ROOT : roots.reduceRight((right, left) => nodeHash(left, right));
}
