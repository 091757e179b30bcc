import { statSync } from "node:fs";
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

interface Remembered {
  state: string;
  bytes: Uint8Array;
}

const MAX_BYTES = 32 * 1024 * 1024;
const pathOf = (digest: Digest): string => `sha256/${digest.slice(7, 9)}/${digest.slice(9)}`;

export function openObjects(directory: string): Objects {
  const store = fileStore(directory);
  const seen = new Map<Digest, Remembered>();
  let held = 0;

  function remember(digest: Digest, state: string, bytes: Uint8Array): void {
    if (held + bytes.length > MAX_BYTES) {
      seen.clear();
      held = 0;
    }
    seen.set(digest, { state, bytes });
    held += bytes.length;
  }

  return {
    async put(bytes) {
      const digest = sha256(bytes);
      await store.putIfAbsent(pathOf(digest), bytes);
      return digest;
    },
    // A gate reads hundreds of objects. A look at the file notices one that is gone or was written since.
    async get(digest) {
      const state = stateOf(join(directory, pathOf(digest)));
      const known = seen.get(digest);
      if (known !== undefined && known.state === state) return known.bytes;
      const bytes = await store.get(pathOf(digest));
      if (bytes !== undefined && state !== undefined) remember(digest, state, bytes);
      return bytes;
    },
    remove: (digest) => rm(join(directory, pathOf(digest)), { force: true }),
  };
}

function stateOf(path: string): string | undefined {
  const state = statSync(path, { throwIfNoEntry: false });
  return state && `${state.ino} ${state.size} ${state.mtimeMs} ${state.ctimeMs}`;
}
