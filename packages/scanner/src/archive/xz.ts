import type { Unpacked } from "./inflate.js";
import { LzmaDecoder } from "./lzma-decoder.js";

const HEADER = Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]);
const LZMA2 = 0x21;

const CHECK_SIZES = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64];

/** Unpacks xz streams one after the other (the .xz file format 1.2). Checks are not verified: loaders differ there. */
export function unxz(packed: Buffer, limit: number): Unpacked {
  const reader = new XzReader(packed, limit);
  try {
    while (reader.stream());
  } catch (error) {
    const reason = error instanceof Error ? error.message : "broken";
    return { bytes: reader.output(), consumed: packed.length, cut: false, error: reason };
  }
  return { bytes: reader.output(), consumed: reader.at, cut: reader.cut };
}

class XzReader {
  at = 0;
  cut = false;
  private readonly packed: Buffer;
  private readonly limit: number;
  private readonly parts: Buffer[] = [];
  private total = 0;
  constructor(packed: Buffer, limit: number) {
    this.packed = packed;
    this.limit = limit;
  }

  output(): Buffer {
    return Buffer.concat(this.parts);
  }

  /** Reads one stream and its padding; false when there is none or the limit is reached. */
  stream(): boolean {
    const { packed } = this;
    if (this.at + 12 > packed.length || !packed.subarray(this.at, this.at + 6).equals(HEADER)) return false;
    const checkSize = CHECK_SIZES[(packed[this.at + 7] ?? 0) & 15] ?? 0;
    this.at += 12;
    while (this.at < packed.length && packed[this.at] !== 0) {
      const block = readBlock(packed, this.at, this.limit - this.total, checkSize);
      this.parts.push(block.bytes);
      this.total += block.bytes.length;
      this.at = block.next;
      this.cut = block.cut;
      if (block.cut) return false;
    }
    this.at = skipIndex(packed, this.at);
    while (this.at + 4 <= packed.length && packed.readUInt32LE(this.at) === 0) this.at += 4;
    return true;
  }
}

interface Block {
  bytes: Buffer;
  next: number;
  cut: boolean;
}

function readBlock(packed: Buffer, start: number, limit: number, checkSize: number): Block {
  const headerSize = ((packed[start] ?? 0) + 1) * 4;
  const flags = packed[start + 1] ?? 0;
  if (flags & 3) throw new Error("an xz filter other than LZMA2");
  const cursor = { at: start + 2 };
  if (flags & 0x40) readNumber(packed, cursor);
  if (flags & 0x80) readNumber(packed, cursor);
  if (readNumber(packed, cursor) !== LZMA2) throw new Error("an xz filter other than LZMA2");
  const { bytes, end, cut } = decodeLzma2(packed, start + headerSize, limit);
  const padded = end + ((4 - ((end - start) % 4)) % 4);
  return { bytes, next: padded + checkSize, cut };
}

function readNumber(bytes: Buffer, cursor: { at: number }): number {
  let value = 0;
  for (let shift = 0; shift < 63; shift += 7) {
    const byte = bytes[cursor.at++];
    if (byte === undefined) throw new Error("truncated xz stream");
    value += (byte & 0x7f) * 2 ** shift;
    if (!(byte & 0x80)) return value;
  }
  throw new Error("bad xz number");
}

function skipIndex(packed: Buffer, start: number): number {
  const cursor = { at: start + 1 };
  const records = readNumber(packed, cursor);
  for (let i = 0; i < records; i++) {
    readNumber(packed, cursor);
    readNumber(packed, cursor);
  }
  const padded = cursor.at + ((4 - ((cursor.at - start) % 4)) % 4);
  return padded + 4 + 12;
}

/** LZMA2: chunks with a control byte that says what to reset. */
export function decodeLzma2(
  packed: Buffer,
  start: number,
  limit: number,
): { bytes: Buffer; end: number; cut: boolean } {
  const decoder = new LzmaDecoder({ lc: 3, lp: 0, pb: 2 }, Math.max(0, limit));
  let at = start;
  for (;;) {
    const control = packed[at];
    if (control === undefined) throw new Error("truncated LZMA2 stream");
    at++;
    if (control === 0) break;
    at = control < 0x80 ? copyChunk(packed, at, control, decoder) : decodeChunk(packed, at, control, decoder);
    if (decoder.full) return { bytes: decoder.output(), end: packed.length, cut: true };
  }
  return { bytes: decoder.output(), end: at, cut: false };
}

function copyChunk(packed: Buffer, at: number, control: number, decoder: LzmaDecoder): number {
  if (control > 2 || at + 2 > packed.length) throw new Error("bad LZMA2 chunk");
  if (control === 1) decoder.resetDictionary();
  const size = packed.readUInt16BE(at) + 1;
  if (at + 2 + size > packed.length) throw new Error("truncated LZMA2 stream");
  decoder.copy(packed.subarray(at + 2, at + 2 + size));
  return at + 2 + size;
}

function decodeChunk(packed: Buffer, start: number, control: number, decoder: LzmaDecoder): number {
  if (start + 5 > packed.length) throw new Error("truncated LZMA2 stream");
  const size = ((control & 0x1f) << 16) + packed.readUInt16BE(start) + 1;
  const packedSize = packed.readUInt16BE(start + 2) + 1;
  const reset = (control >> 5) & 3;
  let at = start + 4;
  if (reset === 3) decoder.resetDictionary();
  if (reset >= 2) {
    const byte = packed[at++] ?? 0;
    decoder.resetState({ lc: byte % 9, lp: Math.floor(byte / 9) % 5, pb: Math.floor(byte / 45) });
  } else if (reset === 1) decoder.resetState(decoder.current);
  decoder.feed(packed, at, Math.min(packed.length, at + packedSize));
  decoder.start();
  decoder.decode(size);
  return at + packedSize;
}
