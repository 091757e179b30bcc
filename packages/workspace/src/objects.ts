import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Digest } from "@countersign/evidence";
import { sha256 } from "@countersign/evidence";
import { fileStore } from "@countersign/log";

/** Evidence by digest. What `get` returns is not yet held against the digest: readers do that where they judge. */
export interface Objects {
  put(bytes: Uint8Array): Promise<Digest>;
  get(digest: Digest): Promise<Uint8Array | undefined>;
  remove(digest: Digest): Promise<void>;
}

const pathOf = (digest: Digest): string => `sha256/${digest.slice(7, 9)}/${digest.slice(9)}`;

export function openObjects(directory: string): Objects {
  const store = fileStore(directory);
  return {
    async put(bytes) {
      const digest = sha256(bytes);
      await store.putIfAbsent(pathOf(digest), bytes);
      return digest;
    },
    get: (digest) => store.get(pathOf(digest)),
    remove: (digest) => rm(join(directory, pathOf(digest)), { force: true }),
  };
}
