import { encodeHex } from "./bytes.js";
import { sha256 } from "./hash.js";
import { Hashes } from "./hashes.js";
import { LeafIndex } from "./leaf-index.js";
import type { Store } from "./store.js";
import { TILE_WIDTH } from "./tiles.js";
import type { TileTree } from "./tree.js";

/** A copy of the index of leaf hashes, so that opening a large log need not read every tile. The log's signed state names it. */
export interface IndexFile {
  /** It knows all entries below this. */
  readonly size: number;
  /** SHA-256 in hexadecimal. */
  readonly digest: string;
}

const LEAST = 16_384;

/** Whether so much is new that a copy is worth its bytes: in all they stay in proportion to the log. */
export function isIndexDue(saved: IndexFile | undefined, size: number): boolean {
  const known = saved?.size ?? 0;
  return size - known >= Math.max(LEAST, known / 8);
}

export function indexPath({ size, digest }: IndexFile): string {
  return `index/${size}-${digest.slice(0, 16)}`;
}

export async function saveIndex(store: Store, index: LeafIndex, size: number): Promise<IndexFile> {
  const bytes = index.encode();
  const file = { size, digest: encodeHex(sha256(bytes)) };
  await store.putIfAbsent(indexPath(file), bytes);
  return file;
}

/** The index of a tree: the copy, if it is the one that was signed, and what it lacks from the tiles, each of them verified. */
export async function loadIndex(
  store: Store,
  tree: TileTree,
  saved: IndexFile | undefined,
): Promise<LeafIndex> {
  const bytes = saved ? await store.get(indexPath(saved)) : undefined;
  const copy = bytes && encodeHex(sha256(bytes)) === saved?.digest ? LeafIndex.decode(bytes) : undefined;
  const index = copy ?? new LeafIndex();
  const known = copy && saved ? saved.size : 0;
  for (let n = Math.floor(known / TILE_WIDTH); n * TILE_WIDTH < tree.size; n++) {
    const hashes = Hashes.of(await tree.tile(0, n));
    for (let at = 0; at < hashes.count; at++) index.add(hashes, at, n * TILE_WIDTH + at);
  }
  return index;
}
