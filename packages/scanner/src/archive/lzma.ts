import { type Source, slice } from "../core/source.js";
import { Input } from "./input.js";
import { LzmaDecoder, type LzmaProperties } from "./lzma-decoder.js";
import type { Output } from "./output.js";

interface Stated extends LzmaProperties {
  dictionary: number;
}

/** The five property bytes: lc, lp, pb and the dictionary size. */
export function lzmaProperties(bytes: Buffer): Stated | undefined {
  const first = bytes[0];
  if (first === undefined || bytes.length < 5 || first >= 225) return undefined;
  const dictionary = Math.max(4096, bytes.readUInt32LE(1));
  return { lc: first % 9, lp: Math.floor(first / 9) % 5, pb: Math.floor(first / 45), dictionary };
}

/** Decodes a raw LZMA stream of `size` bytes (or until its end marker when that is larger than any output). */
export function decodeLzma(packed: Source, out: Output, properties: Stated, size: number): number {
  const input = new Input(packed);
  const decoder = new LzmaDecoder(input, out, properties);
  decoder.resetDictionary(properties.dictionary);
  decoder.start();
  decoder.decode(size);
  decoder.finish();
  return input.position;
}

/** The `.lzma` format: properties, a 64-bit size (all ones when unknown), the stream. */
export function unlzma(packed: Source, out: Output): number {
  const head = packed.read(0, 13);
  const properties = lzmaProperties(head);
  if (!properties || head.length < 13) throw new Error("truncated");
  const stated = head.readBigUInt64LE(5);
  const size = stated === 0xffffffffffffffffn ? Number.POSITIVE_INFINITY : Number(stated);
  return 13 + decodeLzma(slice(packed, 13, packed.size), out, properties, size);
}
