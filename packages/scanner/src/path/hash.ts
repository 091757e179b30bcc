import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import type { FileState } from "./messages.js";

const CHUNK = 2 * 1024 * 1024;

/** The SHA-256 of a large file and the state in which it was read; undefined when it changed meanwhile. */
export async function hashFile(
  path: string,
  signal?: AbortSignal,
): Promise<{ sha256: string; state: FileState } | undefined> {
  const file = await open(path, "r");
  try {
    const before = await file.stat();
    const hash = createHash("sha256");
    const buffers = [Buffer.allocUnsafe(CHUNK), Buffer.allocUnsafe(CHUNK)] as const;
    let turn = 0;
    let at = 0;
    let reading = file.read(buffers[0], 0, CHUNK, 0);
    for (;;) {
      signal?.throwIfAborted();
      const { bytesRead, buffer } = await reading;
      if (bytesRead === 0) break;
      at += bytesRead;
      turn = 1 - turn;
      // The next read runs while this chunk is hashed.
      reading = file.read(turn === 0 ? buffers[0] : buffers[1], 0, CHUNK, at);
      hash.update(bytesRead === CHUNK ? buffer : buffer.subarray(0, bytesRead));
    }
    const { size, mtimeMs, ino } = await file.stat();
    if (size !== before.size || mtimeMs !== before.mtimeMs || at !== size) return undefined;
    return { sha256: hash.digest("hex"), state: { size, mtimeMs, ino } };
  } finally {
    await file.close();
  }
}
