import { equalBytes } from "./bytes.js";
import { fault } from "./faults.js";
import type { Tile } from "./frontier.js";
import { HASH_SIZE } from "./merkle.js";
import { joinRuns } from "./run.js";
import type { Store, StoredFile } from "./store.js";
import type { Tail } from "./tail.js";
import { TILE_WIDTH, tilePath } from "./tiles.js";

/** How many tiles are put at once, so that a large edition does not lie in memory twice. */
const CHUNK = 64;

export const CHECKPOINT_PATH = "checkpoint";

/** A size of the log that is to be made public. */
export interface Edition {
  /** The size that is public already, and the one that is to be. */
  readonly from: number;
  readonly size: number;
  readonly full: readonly Tile[];
  readonly partials: readonly Tile[];
  /** Holds the entries from the start of the bundle that holds `from`. */
  readonly tail: Tail;
}

/** Tiles come before the checkpoint that promises them: a crash in between shows nothing that is not there. */
export async function publishTiles(store: Store, edition: Edition): Promise<void> {
  let chunk: StoredFile[] = [];
  for (const file of filesOf(edition)) {
    chunk.push(file);
    if (chunk.length < CHUNK) continue;
    await putChunk(store, chunk);
    chunk = [];
  }
  await putChunk(store, chunk);
}

async function putChunk(store: Store, files: readonly StoredFile[]): Promise<void> {
  if (files.length === 0) return;
  const put = store.putAll ? await store.putAll(files) : await putEach(store, files);
  for (const [i, { path, bytes }] of files.entries()) {
    if (!put[i]) await mustBeSame(store, path, bytes);
  }
}

function* filesOf(edition: Edition): Generator<StoredFile> {
  yield* bundles(edition);
  for (const { level, index, bytes } of [...edition.full, ...edition.partials]) {
    yield { path: tilePath(level, index, bytes.length / HASH_SIZE), bytes };
  }
}

function* bundles({ from, size, tail }: Edition): Generator<StoredFile> {
  if (from === size) return;
  for (let index = Math.floor(from / TILE_WIDTH); index * TILE_WIDTH < size; index++) {
    const [first, end] = [index * TILE_WIDTH, Math.min((index + 1) * TILE_WIDTH, size)];
    yield { path: tilePath("entries", index, end - first), bytes: joinRuns(tail.slice(first, end)) };
  }
}

async function putEach(store: Store, files: readonly StoredFile[]): Promise<boolean[]> {
  return Promise.all(files.map(({ path, bytes }) => store.putIfAbsent(path, bytes)));
}

async function mustBeSame(store: Store, path: string, bytes: Uint8Array): Promise<void> {
  const present = await store.get(path);
  if (present && equalBytes(present, bytes)) return;
  throw fault("log-forked", `${path} holds another history than this log's: something else wrote there`, {
    path,
  });
}

/** The directories of partial tiles whose full tiles are now there. */
export function replacedPartials({ from, full }: Edition): string[] {
  const levels = full.filter(({ level, index }) => index * TILE_WIDTH ** (level + 1) < from);
  const paths = levels.map(({ level, index }) => `${tilePath(level, index)}.p`);
  return levels.some(({ level }) => level === 0)
    ? [...paths, `${tilePath("entries", Math.floor(from / TILE_WIDTH))}.p`]
    : paths;
}
