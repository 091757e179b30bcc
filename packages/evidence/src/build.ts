import type { HashCache } from "./cache.js";
import type { Digest } from "./digest.js";
import { hashAll } from "./hash.js";
import type { HashJob } from "./hash-job.js";
import { type Manifest, manifestDigest } from "./manifest.js";
import { type FoundFile, type Walk, type WalkOptions, walk } from "./walk.js";

export interface Progress {
  files: number;
  bytesDone: number;
  bytes: number;
}

export interface ReadOptions {
  /** How many threads hash at once; 0 keeps the work in this thread, which then does nothing else. Default: as many as there are cores. */
  workers?: number;
  /** Digests of files that have not changed since. Without one, every byte is read. */
  cache?: HashCache;
  onProgress?: (progress: Progress) => void;
  signal?: AbortSignal;
}

export interface BuildOptions extends WalkOptions, ReadOptions {}

export interface BuiltManifest {
  manifest: Manifest;
  digest: Digest;
  /** The artifact's own name: the last part of its path. */
  name: string;
  ignored: string[];
  warnings: string[];
}

/** Names the bytes at `path`: reads every file once, and refuses what changes meanwhile. */
export async function buildManifest(path: string, options: BuildOptions = {}): Promise<BuiltManifest> {
  return nameFiles(await walk(path, options), options);
}

export async function nameFiles(found: Walk, options: ReadOptions = {}): Promise<BuiltManifest> {
  const ranges = found.files.map((file) => ({ file, start: 0, end: file.size }));
  const digests = await hashRanges(ranges, "sha256", options);
  const files = found.files.map(({ name, size }, i) => ({
    name,
    digest: `sha256:${digests[i]}` as const,
    size,
  }));
  const manifest = { files };
  const { name, ignored, warnings } = found;
  return { manifest, digest: manifestDigest(manifest), name, ignored, warnings };
}

export interface FileRange {
  file: FoundFile;
  start: number;
  end: number;
}

/** Hashes byte ranges, asking the cache first; digests in hexadecimal, in the order of the ranges. */
export async function hashRanges(
  ranges: readonly FileRange[],
  algorithm: string,
  options: ReadOptions,
): Promise<string[]> {
  const { cache } = options;
  const key = ({ file, start, end }: FileRange): string => `${file.path}\0${start}\0${end}`;
  const known = ranges.map((range) => cache?.get(key(range), range.file.stamp, algorithm));
  const missing = ranges.filter((_, i) => known[i] === undefined);
  const jobs = missing.map(({ file, start, end }): HashJob => ({ ...file, start, end, algorithm }));
  const size = (list: readonly FileRange[]): number =>
    list.reduce((sum, { start, end }) => sum + end - start, 0);
  const bytes = size(ranges);
  const cached = bytes - size(missing);
  const tell = (done: number): void =>
    options.onProgress?.({ files: ranges.length, bytesDone: cached + done, bytes });
  const fresh = await hashAll(jobs, {
    ...(options.workers === undefined ? {} : { workers: options.workers }),
    ...(options.signal ? { signal: options.signal } : {}),
    ...(options.onProgress ? { onBytes: tell } : {}),
  });
  for (const [i, range] of missing.entries())
    cache?.put(key(range), range.file.stamp, algorithm, fresh[i] ?? "");
  const next = fresh.values();
  return known.map((digest) => digest ?? next.next().value ?? "");
}
