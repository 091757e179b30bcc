import * as fs from "node:fs/promises";
import { dirname } from "node:path";
import { fileFault } from "./errors.js";
import { isRecord, parseJson } from "./json.js";

/** Remembers digests by a file's path and stamp (size, times, inode), so that only what changed is read again. */
export interface HashCache {
  get(path: string, stamp: string, algorithm: string): string | undefined;
  put(path: string, stamp: string, algorithm: string, digest: string): void;
}

export interface FileHashCache extends HashCache {
  save(): Promise<void>;
}

// A file written twice within one tick of the file system's clock keeps its times: what is this young is not remembered.
const TOO_YOUNG_MS = 2_000;
const VERSION = 1;
const MAX_ENTRIES = 200_000;

interface Entry {
  stamp: string;
  algorithm: string;
  digest: string;
}

/**
 * A cache in a file. Whoever can write this file can make an old digest stand for new bytes, so it is kept for its owner
 * alone, and verification does not use one unless it is told to.
 */
export async function openHashCache(path: string, clock: () => number): Promise<FileHashCache> {
  const entries = await load(path);
  return {
    get(file, stamp, algorithm) {
      const entry = entries.get(file);
      if (entry) touch(entries, file, entry);
      return entry?.stamp === stamp && entry.algorithm === algorithm ? entry.digest : undefined;
    },
    put(file, stamp, algorithm, digest) {
      if (clock() - youngest(stamp) < TOO_YOUNG_MS) entries.delete(file);
      else touch(entries, file, { stamp, algorithm, digest });
    },
    save: () => store(path, entries),
  };
}

// The map keeps the order of use, so that the oldest entries fall out first.
function touch(entries: Map<string, Entry>, file: string, entry: Entry): void {
  entries.delete(file);
  entries.set(file, entry);
}

/** The later of a stamp's two times, in milliseconds. */
function youngest(stamp: string): number {
  const [, modified = "0", changed = "0"] = stamp.split(":");
  return Math.max(Number(modified), Number(changed)) / 1e6;
}

// A cache that cannot be read is an empty one: it only ever saves time.
async function load(path: string): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  try {
    const value = parseJson(await fs.readFile(path), { maxBytes: 512 * 1024 * 1024 });
    if (!isRecord(value) || value.version !== VERSION || !Array.isArray(value.entries)) return entries;
    for (const row of value.entries) {
      const [file, stamp, algorithm, digest] = Array.isArray(row) ? row.map(String) : [];
      if (file && stamp && algorithm && digest) entries.set(file, { stamp, algorithm, digest });
    }
  } catch {
    entries.clear();
  }
  return entries;
}

async function store(path: string, entries: ReadonlyMap<string, Entry>): Promise<void> {
  const rows = [...entries]
    .slice(-MAX_ENTRIES)
    .map(([file, { stamp, algorithm, digest }]) => [file, stamp, algorithm, digest]);
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await fs.mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await fs.writeFile(temporary, JSON.stringify({ version: VERSION, entries: rows }), { mode: 0o600 });
    await fs.rename(temporary, path);
  } catch (cause) {
    throw fileFault(path, cause);
  }
}
