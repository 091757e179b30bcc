import { realpath } from "node:fs/promises";
import { sep } from "node:path";
import { buildManifest, type HashCache, type Manifest } from "@countersign/evidence";

/** Directories of this machine whose files the server may read by their path. None unless it is told. */
export class DataRoots {
  readonly #roots: readonly string[];

  constructor(roots: readonly string[]) {
    this.#roots = roots;
  }

  /** The path without links, if it lies in a root; links that lead out do not count as inside. */
  async inside(path: string): Promise<string | undefined> {
    const real = await realpath(path).catch(() => undefined);
    if (real === undefined) return undefined;
    for (const root of this.#roots) {
      const base = await realpath(root).catch(() => undefined);
      if (base !== undefined && (real === base || real.startsWith(base + sep))) return real;
    }
    return undefined;
  }
}

/** Hashes files where they are, and remembers what has not changed since by its size, times and inode. */
export class Fingerprints {
  readonly #cache: HashCache;

  constructor(clock: () => number) {
    this.#cache = memoryCache(clock);
  }

  async manifest(path: string): Promise<Manifest> {
    return (await buildManifest(path, { cache: this.#cache, workers: 1 })).manifest;
  }
}

const MAX_KEPT = 100_000;
/** A file written twice within one tick of the file system's clock keeps its times. */
const TOO_YOUNG_MS = 2_000;

function memoryCache(clock: () => number): HashCache {
  const kept = new Map<string, string>();
  return {
    get: (file, stamp, algorithm) => kept.get(JSON.stringify([file, stamp, algorithm])),
    put: (file, stamp, algorithm, digest) => {
      const [, modified = "0", changed = "0"] = stamp.split(":");
      if (clock() - Math.max(Number(modified), Number(changed)) / 1e6 < TOO_YOUNG_MS) return;
      if (kept.size >= MAX_KEPT) kept.clear();
      kept.set(JSON.stringify([file, stamp, algorithm]), digest);
    },
  };
}

/** Whether two manifests list the same bytes. A dataset of one file is the same file under any name. */
export function sameBytes(one: Manifest, other: Manifest): boolean {
  if (one.files.length !== other.files.length) return false;
  if (one.files.length === 1) return one.files[0]?.digest === other.files[0]?.digest;
  return one.files.every((file, at) => {
    const twin = other.files[at];
    return twin?.name === file.name && twin.digest === file.digest;
  });
}
