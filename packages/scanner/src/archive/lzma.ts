import type { Unpacked } from "./inflate.js";
import { LzmaDecoder, type LzmaProperties } from "./lzma-decoder.js";

/** The five property bytes: lc, lp, pb and the dictionary size. */
export function lzmaProperties(bytes: Buffer): LzmaProperties | undefined {
  const first = bytes[0];
  if (first === undefined || bytes.length < 5 || first >= 225) return undefined;
  return { lc: first % 9, lp: Math.floor(first / 9) % 5, pb: Math.floor(first / 45) };
}

/** Decodes a raw LZMA stream of `size` bytes (or until its end marker when that is larger than any output). */
export function decodeLzma(
  packed: Buffer,
  properties: LzmaProperties,
  size: number,
  limit: number,
): Unpacked {
  const decoder = new LzmaDecoder(properties, limit);
  decoder.feed(packed, 0, packed.length);
  try {
    decoder.start();
    decoder.decode(size);
  } catch (error) {
    const reason = error instanceof Error ? error.message : "broken";
    return { bytes: decoder.output(), consumed: packed.length, cut: false, error: reason };
  }
  return { bytes: decoder.output(), consumed: decoder.position, cut: decoder.full };
}

/** The `.lzma` format: properties, a 64-bit size (all ones when unknown), the stream. */
export function unlzma(packed: Buffer, limit: number): Unpacked {
  const properties = lzmaProperties(packed);
  if (!properties || packed.length < 13)
    return { bytes: Buffer.alloc(0), consumed: 0, cut: false, error: "truncated" };
  const stated = packed.readBigUInt64LE(5);
  const size = stated === 0xffffffffffffffffn ? Number.POSITIVE_INFINITY : Number(stated);
  const unpacked = decodeLzma(packed.subarray(13), properties, size, limit);
  return { ...unpacked, consumed: unpacked.consumed + 13 };
}
