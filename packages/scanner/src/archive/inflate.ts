import { createInflate, createInflateRaw } from "node:zlib";

export interface Unpacked {
  bytes: Buffer;
  /** Packed bytes that belong to the stream. */
  consumed: number;
  /** The output was cut at the limit. */
  cut: boolean;
  /** Why unpacking stopped early; what came before is in `bytes`. */
  error?: string;
}

interface Info {
  buffer: Buffer;
  consumed: number;
}

const NOTHING = Buffer.alloc(0);
const SYNC_FLUSH = 2;
const FINISH = 4;

/**
 * The engine that `inflateSync` uses. After a broken stream it lives until the event loop turns, and a scan is one turn:
 * its output buffer is dropped at once, or an archive of broken members would fill memory.
 */
interface Engine {
  _outBuffer: Buffer;
  _processChunk(chunk: Buffer, flush: number): Buffer;
  bytesWritten: number;
  close(): void;
}

/** Inflates at most `limit` bytes. A broken or too large stream still gives what came before. */
export function inflate(packed: Buffer, limit: number, kind: "raw" | "zlib" = "raw"): Unpacked {
  const attempt = (input: Buffer, partial: boolean): Info => {
    const options = { maxOutputLength: Math.max(1, limit) };
    const engine = (kind === "raw" ? createInflateRaw(options) : createInflate(options)) as unknown as Engine;
    try {
      const buffer = engine._processChunk(input, partial ? SYNC_FLUSH : FINISH);
      return { buffer, consumed: engine.bytesWritten };
    } finally {
      engine.close();
      engine._outBuffer = NOTHING;
    }
  };
  let error: string | undefined;
  try {
    const { buffer, consumed } = attempt(packed, false);
    return { bytes: buffer, consumed, cut: false };
  } catch (fault) {
    error = codeOf(fault);
  }
  const cut = error === "ERR_BUFFER_TOO_LARGE";
  const prefix = longestPrefix(packed, attempt, cut ? limit : packed.length);
  return { bytes: prefix, consumed: packed.length, cut, ...(cut ? {} : { error: error ?? "broken" }) };
}

/** Feeds less and less input until it unpacks without an error; zlib gives nothing when it fails midway. */
function longestPrefix(
  packed: Buffer,
  attempt: (input: Buffer, partial: boolean) => Info,
  first: number,
): Buffer {
  const sizes = [packed.length, Math.floor(packed.length / 2)];
  for (
    let size = Math.min(packed.length, first);
    size >= 16 && sizes.length < 10;
    size = Math.floor(size / 4)
  ) {
    sizes.push(size);
  }
  for (const size of sizes) {
    try {
      return attempt(packed.subarray(0, size), true).buffer;
    } catch {
      // Too large or broken before this point: try with less.
    }
  }
  return Buffer.alloc(0);
}

function codeOf(fault: unknown): string {
  return fault instanceof Error && "code" in fault ? String(fault.code) : "broken";
}
