import type { Source } from "../core/source.js";
import { Input } from "./input.js";
import type { Output } from "./output.js";

const FRAME = 0x184d2204;
/** What `lz4 -l` and the Linux kernel write: blocks of 8 MiB without a header. */
const LEGACY = 0x184c2102;
const LEGACY_BLOCK = 16 * 1024 * 1024;
const SKIPPABLE = 0x184d2a50;
const REACH = 65_536;

/** Unpacks LZ4 frames (lz4_Frame_format 1.6). Checksums are not verified. */
export function unlz4(packed: Source, out: Output): number {
  const input = new Input(packed);
  for (;;) {
    const end = input.position;
    const head = input.look(4);
    if (head.length < 4) return end;
    const magic = head.readUInt32LE(0);
    if (magic === FRAME) readFrame(input, out);
    else if (magic === LEGACY) readLegacy(input, out);
    else if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE) input.seek(end + 8 + input.take(8).readUInt32LE(4));
    else return end;
    if (input.position > packed.size) throw new Error("truncated");
  }
}

function readFrame(input: Input, out: Output): void {
  const head = input.take(6);
  const flags = head[4] ?? 0;
  const largest = 2 ** (8 + 2 * (((head[5] ?? 0) >> 4) & 7));
  if (flags >> 6 !== 1) throw new Error("an unknown LZ4 version");
  if (flags & 1) throw new Error("an LZ4 dictionary");
  input.take((flags & 8 ? 8 : 0) + 1);
  out.begin(REACH);
  for (let size = frameSize(input); size !== 0; size = frameSize(input)) {
    readFrameBlock(input, out, size, largest, (flags & 32) !== 0);
    if (flags & 16) input.take(4);
  }
  if (flags & 4) input.take(4);
}

function frameSize(input: Input): number {
  return input.take(4).readUInt32LE(0);
}

/** A block whose size has the highest bit set is stored as it is. */
function readFrameBlock(
  input: Input,
  out: Output,
  size: number,
  largest: number,
  independent: boolean,
): void {
  const length = size & 0x7fffffff;
  if (length > largest) throw new Error("bad LZ4 block size");
  if (independent) out.begin(REACH);
  if (size >= 2 ** 31) input.pass(length, out);
  else {
    readBlock(input.look(length), out);
    input.take(length);
  }
}

function readLegacy(input: Input, out: Output): void {
  input.take(4);
  for (;;) {
    const head = input.look(4);
    const size = head.length < 4 ? 0 : head.readUInt32LE(0);
    if (size === 0 || size > LEGACY_BLOCK) return;
    input.take(4);
    out.begin(REACH);
    readBlock(input.take(size), out);
  }
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

function readBlock(block: Buffer, out: Output): void {
  const cursor: Cursor = { at: 0 };
  while (cursor.at < block.length) {
    const token = block[cursor.at++] ?? 0;
    const literals = readLength(block, cursor, token >> 4);
    out.append(block, cursor.at, Math.min(block.length, cursor.at + literals));
    if (cursor.at + literals > block.length) throw new Error("truncated LZ4 block");
    cursor.at += literals;
    if (cursor.at >= block.length) return;
    if (cursor.at + 2 > block.length) throw new Error("truncated LZ4 block");
    const distance = block.readUInt16LE(cursor.at);
    cursor.at += 2;
    out.repeat(distance, readLength(block, cursor, token & 15) + 4);
  }
}
