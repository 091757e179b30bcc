import { createHash } from "node:crypto";
import { constants } from "node:fs";
import * as fs from "node:fs/promises";
import type { Digest } from "./digest.js";
import { CountersignError, fileFault } from "./errors.js";
import { type Manifest, manifestDigest } from "./manifest.js";
import { type FoundFile, stampOf, type WalkOptions, walk } from "./walk.js";

export interface Progress {
  filesDone: number;
  files: number;
  bytesDone: number;
  bytes: number;
}

export interface BuildOptions extends WalkOptions {
  workers?: number;
  onProgress?: (progress: Progress) => void;
}

export interface BuiltManifest {
  manifest: Manifest;
  digest: Digest;
  /** The artifact's own name: the last part of its path. */
  name: string;
  ignored: string[];
}

/** Names the bytes at `path`: reads every file once, and refuses what changes meanwhile. */
export async function buildManifest(path: string, options: BuildOptions = {}): Promise<BuiltManifest> {
  const found = await walk(path, options);
  const bytes = found.files.reduce((sum, file) => sum + file.size, 0);
  const progress = { filesDone: 0, files: found.files.length, bytesDone: 0, bytes };
  const files = [];
  for (const file of found.files) {
    options.signal?.throwIfAborted();
    files.push({ name: file.name, digest: await hashFile(file), size: file.size });
    progress.filesDone++;
    progress.bytesDone += file.size;
    options.onProgress?.({ ...progress });
  }
  const manifest = { files };
  return { manifest, digest: manifestDigest(manifest), name: found.name, ignored: found.ignored };
}

const CHUNK = 1024 * 1024;

async function hashFile(file: FoundFile): Promise<Digest> {
  // O_NONBLOCK: a pipe that took the file's place must not hang us; O_NOFOLLOW: nor may a link lead us astray.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await fs.open(file.path, flags).catch((cause) => {
    throw fileFault(file.name, cause);
  });
  try {
    const check = async (): Promise<void> => {
      if (stampOf(await handle.stat({ bigint: true })) !== file.stamp) {
        throw new CountersignError("file-changed", `${file.name} changed while it was read`);
      }
    };
    await check();
    const hash = createHash("sha256");
    const buffer = Buffer.allocUnsafe(CHUNK);
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, CHUNK);
      if (bytesRead === 0) break;
      hash.update(buffer.subarray(0, bytesRead));
    }
    await check();
    return `sha256:${hash.digest("hex")}`;
  } finally {
    await handle.close();
  }
}
