import { equalBytes } from "./bytes.js";
import type { Checkpoint } from "./checkpoint.js";
import { fault } from "./faults.js";
import { edgeRoot } from "./frontier.js";
import { leafHash, nodeHash, subtreeRoot } from "./hash.js";
import { HASH_SIZE } from "./merkle.js";
import { Run } from "./run.js";
import type { Store } from "./store.js";
import { levelWidth, TILE_BYTES, TILE_WIDTH, type TileLevel, tilePath, tileWidth } from "./tiles.js";

const CACHED_TILES = 512;

/**
 * A log's tree as its tiles say, where nothing is believed that does not lead to a root: the partial tiles of the right edge make
 * the checkpoint's root, a full tile makes its hash in the tile above it, an entry makes its hash in its tile.
 */
export class TileTree {
  readonly size: number;
  readonly #store: Store;
  readonly #edge: ReadonlyMap<number, Uint8Array>;
  #cache: Map<string, Uint8Array> = new Map();

  private constructor(store: Store, size: number, edge: ReadonlyMap<number, Uint8Array>) {
    this.#store = store;
    this.size = size;
    this.#edge = edge;
  }

  /** Reads the right edge and checks it against the checkpoint's root. */
  static async open(store: Store, { size, root }: Checkpoint): Promise<TileTree> {
    const edge = new Map<number, Uint8Array>();
    for (let level = 0; levelWidth(size, level) > 0; level++) {
      const index = Math.floor(levelWidth(size, level) / TILE_WIDTH);
      const width = tileWidth(size, level, index);
      if (width > 0) edge.set(level, await readTile(store, level, index, width));
    }
    const tree = new TileTree(store, size, edge);
    if (equalBytes(edgeRoot(tree.partials()), root)) return tree;
    throw fault("log-tampered", `the tiles do not make the root of the checkpoint of size ${size}`, { size });
  }

  /** A tree whose right edge the caller computed itself; what `before` has verified stays verified. */
  static grown(
    store: Store,
    size: number,
    edge: ReadonlyMap<number, Uint8Array>,
    before?: TileTree,
  ): TileTree {
    const tree = new TileTree(store, size, edge);
    if (before) tree.#cache = before.#cache;
    return tree;
  }

  /** The hashes of the partial tile at each level, as `Frontier.of` takes them. */
  partials(): Uint8Array[] {
    const levels = Math.max(-1, ...this.#edge.keys()) + 1;
    return Array.from({ length: levels }, (_, level) => this.#edge.get(level) ?? new Uint8Array());
  }

  /** The hashes of one tile, verified. */
  async tile(level: number, index: number): Promise<Uint8Array> {
    const width = tileWidth(this.size, level, index);
    if (width < TILE_WIDTH) return this.#edge.get(level) ?? new Uint8Array();
    const path = tilePath(level, index);
    const cached = this.#cache.get(path);
    if (cached) return cached;
    const parent = await this.tile(level + 1, Math.floor(index / TILE_WIDTH));
    const bytes = await readTile(this.#store, level, index, TILE_WIDTH);
    const at = (index % TILE_WIDTH) * HASH_SIZE;
    if (!equalBytes(subtreeRoot(bytes), parent.subarray(at, at + HASH_SIZE))) {
      throw fault("log-tampered", `the tile ${path} does not belong to the log`, { path });
    }
    this.#remember(path, bytes);
    return bytes;
  }

  #remember(path: string, bytes: Uint8Array): void {
    const oldest = this.#cache.size >= CACHED_TILES ? this.#cache.keys().next().value : undefined;
    if (oldest !== undefined) this.#cache.delete(oldest);
    this.#cache.set(path, bytes);
  }

  /** The entries of one bundle, each verified. */
  async bundle(index: number): Promise<Uint8Array[]> {
    const hashes = await this.tile(0, index);
    const width = hashes.length / HASH_SIZE;
    const path = tilePath("entries", index, width);
    const bytes = await readResource(this.#store, "entries", index, width);
    const leaves = Run.parse(bytes)?.leaves();
    if (!leaves || leaves.length < width)
      throw fault("log-tampered", `the entries ${path} are malformed`, { path });
    for (let i = 0; i < width; i++) {
      if (!equalBytes(leafHash(leaves[i] ?? bytes), hashes.subarray(i * HASH_SIZE, (i + 1) * HASH_SIZE))) {
        const entry = index * TILE_WIDTH + i;
        throw fault("log-tampered", `entry ${entry} does not belong to the log`, { path, entry });
      }
    }
    return leaves.slice(0, width);
  }

  async leafHashAt(index: number): Promise<Uint8Array> {
    const at = (index % TILE_WIDTH) * HASH_SIZE;
    return (await this.tile(0, Math.floor(index / TILE_WIDTH))).subarray(at, at + HASH_SIZE);
  }

  /** The Merkle tree hash of the entries [start, end), RFC 6962 section 2.1; `start` is where such a range may begin. */
  async rangeHash(start: number, end: number): Promise<Uint8Array> {
    const width = end - start;
    const half = largestPowerBelow(width);
    if (width > 1 && half * 2 !== width) {
      return nodeHash(await this.rangeHash(start, start + half), await this.rangeHash(start + half, end));
    }
    let [level, hashes] = [0, width];
    for (; hashes >= TILE_WIDTH; hashes /= TILE_WIDTH) level++;
    const first = start / TILE_WIDTH ** level;
    const tile = await this.tile(level, Math.floor(first / TILE_WIDTH));
    const at = (first % TILE_WIDTH) * HASH_SIZE;
    return subtreeRoot(tile.subarray(at, at + hashes * HASH_SIZE));
  }
}

/** The largest power of two below `width` (RFC 6962's k); 1 for a width of 1. */
export function largestPowerBelow(width: number): number {
  let power = 1;
  while (power * 2 < width) power *= 2;
  return power;
}

async function readTile(store: Store, level: number, index: number, width: number): Promise<Uint8Array> {
  const bytes = await readResource(store, level, index, width);
  if (bytes.length !== width * HASH_SIZE && bytes.length !== TILE_BYTES) {
    const path = tilePath(level, index, width);
    throw fault("log-tampered", `the tile ${path} has a wrong length`, { path });
  }
  return bytes.subarray(0, width * HASH_SIZE);
}

/** A partial tile may be gone once the full one is there (C2SP tlog-tiles, "Partial Tiles"). */
async function readResource(
  store: Store,
  level: TileLevel,
  index: number,
  width: number,
): Promise<Uint8Array> {
  const path = tilePath(level, index, width);
  const bytes = (await store.get(path)) ?? (await store.get(tilePath(level, index)));
  if (!bytes)
    throw fault("log-truncated", `${path} is missing, which the checkpoint says is there`, { path });
  return bytes;
}
