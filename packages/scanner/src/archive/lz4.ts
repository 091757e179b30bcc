import type { Unpacked } from "./inflate.js";

const LZ4_MAGIC = 0x184d2204;

/** Unpacks LZ4 frames (lz4_Frame_format 1.6). Checksums are not verified. */
export function unlz4(packed: Buffer, limit: number): Unpacked {
  const out = new Window(limit);
  let at = 0;
  try {
    while (at + 7 <= packed.length && packed.readUInt32LE(at) === LZ4_MAGIC) at = readFrame(packed, at, out);
  } catch (error) {
    const reason = error instanceof Error ? error.message : "broken";
    return { bytes: out.take(), consumed: packed.length, cut: out.full, error: reason };
  }
  return { bytes: out.take(), consumed: at, cut: out.full };
}

function readFrame(packed: Buffer, start: number, out: Window): number {
  const flags = packed[start + 4] ?? 0;
  const blockChecksum = flags & 16 ? 4 : 0;
  const contentChecksum = flags & 4 ? 4 : 0;
  let at = start + 7 + (flags & 8 ? 8 : 0) + (flags & 1 ? 4 : 0);
  while (!out.full) {
    if (at + 4 > packed.length) throw new Error("truncated LZ4 frame");
    const size = packed.readUInt32LE(at);
    if (size === 0) return at + 4 + contentChecksum;
    at = readFrameBlock(packed, at + 4, size, out) + blockChecksum;
  }
  return packed.length;
}

/** A block whose size has the highest bit set is stored as it is. */
function readFrameBlock(packed: Buffer, at: number, size: number, out: Window): number {
  const length = size & 0x7fffffff;
  if (at + length > packed.length) throw new Error("truncated LZ4 frame");
  const block = packed.subarray(at, at + length);
  if (size >= 2 ** 31) out.append(block, 0, block.length);
  else readBlock(block, out);
  return at + length;
}

interface Cursor {
  at: number;
}

/** A length of 15 goes on in the bytes that follow, as long as they are 255. */
function readLength(block: Buffer, cursor: Cursor, nibble: number): number {
  let value = nibble;
  while (nibble === 15) {
    const byte = block[cursor.at++];
    if (byte === undefined) throw new Error("truncated LZ4 block");
    value += byte;
    if (byte !== 255) break;
  }
  return value;
}

function readBlock(block: Buffer, out: Window): void {
  const cursor: Cursor = { at: 0 };
  while (cursor.at < block.length && !out.full) {
    const token = block[cursor.at++] ?? 0;
    const literals = readLength(block, cursor, token >> 4);
    if (cursor.at + literals > block.length) throw new Error("truncated LZ4 block");
    out.append(block, cursor.at, literals);
    cursor.at += literals;
    if (cursor.at >= block.length) return;
    if (cursor.at + 2 > block.length) throw new Error("truncated LZ4 block");
    const distance = block.readUInt16LE(cursor.at);
    cursor.at += 2;
    out.repeat(distance, readLength(block, cursor, token & 15) + 4);
  }
}

/** Output that is its own dictionary. */
class Window {
  full = false;
  private readonly limit: number;
  private bytes = Buffer.allocUnsafe(64 * 1024);
  private length = 0;
  constructor(limit: number) {
    this.limit = limit;
  }
  append(from: Buffer, at: number, count: number): void {
    const kept = this.reserve(count);
    from.copy(this.bytes, this.length, at, at + kept);
    this.length += kept;
  }
  repeat(distance: number, count: number): void {
    if (distance === 0 || distance > this.length) throw new Error("bad LZ4 distance");
    const kept = this.reserve(count);
    for (let i = 0; i < kept; i++, this.length++)
      this.bytes[this.length] = this.bytes[this.length - distance] ?? 0;
  }
  private reserve(count: number): number {
    const kept = Math.min(count, this.limit - this.length);
    if (kept < count) this.full = true;
    if (this.length + kept > this.bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.length + kept));
      this.bytes.copy(larger, 0, 0, this.length);
      this.bytes = larger;
    }
    return kept;
  }
  take(): Buffer {
    return this.bytes.subarray(0, this.length);
  }
}
