import { type Executable, executableAt, HEADER_BYTES } from "../executables.js";
import type { NumberType } from "./tensor.js";

/**
 * Programs whose bytes replace the low bytes of each number, or whose bits replace the lowest bit, so that the model works
 * on (EvilModel, arXiv:2107.08590; "AI model steganography" by low bits). Only a whole program header counts, so that the
 * low bits of honest weights, which are as good as random, never do.
 */
export function payloadInNumbers(bytes: Buffer, type: NumberType): Executable | undefined {
  const width = WIDTH[type];
  if (width === undefined) return undefined;
  for (let kept = 1; kept < width; kept++) {
    for (const reversed of kept === 1 ? [false] : [false, true]) {
      const found = executableAt(lowBytes(bytes, width, kept, reversed), 0);
      if (found) return found;
    }
  }
  return [true, false].map((first) => executableAt(lowBits(bytes, width, first), 0)).find(Boolean);
}

const WIDTH: Partial<Record<NumberType, number>> = { f16: 2, bf16: 2, f32: 4, f64: 8 };

/** The `kept` low bytes of each number, in the order of memory or from the high one down. */
function lowBytes(bytes: Buffer, width: number, kept: number, reversed: boolean): Buffer {
  const count = Math.min(Math.floor(bytes.length / width), Math.ceil(HEADER_BYTES / kept));
  const taken = Buffer.alloc(count * kept);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < kept; j++)
      taken[i * kept + j] = bytes[i * width + (reversed ? kept - 1 - j : j)] ?? 0;
  }
  return taken;
}

/** The lowest bit of each number, eight to a byte. */
function lowBits(bytes: Buffer, width: number, highFirst: boolean): Buffer {
  const count = Math.min(Math.floor(bytes.length / width / 8), HEADER_BYTES);
  const taken = Buffer.alloc(count);
  for (let i = 0; i < count * 8; i++) {
    const bit = (bytes[i * width] ?? 0) & 1;
    const place = highFirst ? 7 - (i & 7) : i & 7;
    taken[i >> 3] = (taken[i >> 3] ?? 0) | (bit << place);
  }
  return taken;
}
