import type { Source } from "../core/source.js";
import { Input } from "./input.js";
import type { Output } from "./output.js";
import type { HuffmanTable } from "./zstd-huffman.js";
import { readLiterals } from "./zstd-literals.js";
import { freshPast, type Past, runSequences } from "./zstd-sequences.js";

const FRAME = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;
const MAX_BLOCK = 128 * 1024;

/** Unpacks zstd frames one after the other (RFC 8878). Checksums are not verified. */
export function unzstd(packed: Source, out: Output): number {
  const input = new Input(packed);
  for (;;) {
    const at = input.position;
    const head = input.look(4);
    const magic = head.length < 4 ? 0 : head.readUInt32LE(0);
    if (magic === FRAME) readFrame(input, out);
    else if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE) input.seek(at + 8 + input.take(8).readUInt32LE(4));
    else return at;
    if (input.position > packed.size) throw new Error("truncated");
  }
}

function readFrame(input: Input, out: Output): void {
  const checked = readHeader(input, out);
  const past: Past & { huffman?: HuffmanTable } = freshPast();
  for (let last = 0; last === 0; ) {
    const header = input.take(3).readUIntLE(0, 3);
    last = header & 1;
    const kind = (header >> 1) & 3;
    const size = header >> 3;
    if (size > MAX_BLOCK || kind === 3) throw new Error("bad zstd block");
    if (kind === 0) input.pass(size, out);
    else if (kind === 1) out.fill(input.byte(), size);
    else {
      const block = input.take(size);
      const { literals, end } = readLiterals(block, past);
      runSequences(block, end, literals, past, out);
    }
  }
  if (checked) input.take(4);
}

/** Reads what stands before the blocks; answers whether a checksum follows them. */
function readHeader(input: Input, out: Output): boolean {
  const descriptor = input.take(5)[4] ?? 0;
  const single = (descriptor & 0x20) !== 0;
  if (descriptor & 8) throw new Error("bad zstd frame");
  const byte = single ? 0 : input.byte();
  const base = 2 ** (10 + (byte >> 3));
  const window = base + (base / 8) * (byte & 7);
  const dictionary = input.take([0, 1, 2, 4][descriptor & 3] ?? 0);
  if (dictionary.some((value) => value !== 0)) throw new Error("a zstd dictionary");
  const sizeBytes = descriptor >> 6 === 0 ? (single ? 1 : 0) : 2 ** (descriptor >> 6);
  const stated = input.take(sizeBytes);
  const content =
    sizeBytes === 8 ? Number(stated.readBigUInt64LE(0)) : sizeBytes ? stated.readUIntLE(0, sizeBytes) : 0;
  out.begin(single ? content + 256 : window);
  return (descriptor & 4) !== 0;
}
