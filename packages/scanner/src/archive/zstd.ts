import { Decompress } from "fzstd";
import type { Unpacked } from "./inflate.js";

const CHUNK = 64 * 1024;
/** Larger windows are refused: the decoder allocates what the header asks for. */
const MAX_WINDOW = 128 * 1024 * 1024;

/** Unpacks zstd frames, at most `limit` bytes. */
export function unzstd(packed: Buffer, limit: number): Unpacked {
  const parts: Uint8Array[] = [];
  let total = 0;
  const done = (rest: Partial<Unpacked>): Unpacked => ({
    bytes: Buffer.concat(parts).subarray(0, limit),
    consumed: packed.length,
    cut: total > limit,
    ...rest,
  });
  if (windowSize(packed) > MAX_WINDOW) return done({ error: "a zstd window larger than 128 MiB" });
  try {
    const stream = new Decompress((chunk) => {
      parts.push(chunk);
      total += chunk.length;
    });
    for (let at = 0; at < packed.length && total <= limit; at += CHUNK) {
      stream.push(packed.subarray(at, at + CHUNK), at + CHUNK >= packed.length);
    }
  } catch (error) {
    return done({ error: error instanceof Error ? error.message : "broken" });
  }
  return done({});
}

/** RFC 8878 3.1.1.1: the window that the frame header asks for. */
function windowSize(packed: Buffer): number {
  const descriptor = packed[4];
  if (descriptor === undefined || packed.length < 14) return 0;
  const single = (descriptor & 0x20) !== 0;
  if (!single) {
    const byte = packed[5] ?? 0;
    const base = 2 ** (10 + (byte >> 3));
    return base + (base / 8) * (byte & 7);
  }
  const at = 5 + ([0, 1, 2, 4][descriptor & 3] ?? 0);
  const kind = descriptor >> 6;
  if (kind === 0) return packed[at] ?? 0;
  if (kind === 1) return packed.readUInt16LE(at) + 256;
  if (at + (kind === 2 ? 4 : 8) > packed.length) return 0;
  return kind === 2 ? packed.readUInt32LE(at) : Number(packed.readBigUInt64LE(at));
}
