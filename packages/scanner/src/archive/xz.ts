import { bytesSource, type Source } from "../core/source.js";
import type { Branch } from "./branches.js";
import { type Filter, throughFilters } from "./filters.js";
import { Input } from "./input.js";
import { decodeLzma2, lzma2Dictionary } from "./lzma2.js";
import type { Output } from "./output.js";

const HEADER = Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]);
const CHECK_SIZES = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64];

/** Unpacks xz streams one after the other (the .xz file format 1.2). Checks are not verified: loaders differ there. */
export function unxz(packed: Source, out: Output): number {
  const input = new Input(packed);
  do readStream(packed, input, out);
  while (input.look(6).equals(HEADER));
  return input.position;
}

/** Reads one stream and its padding. */
function readStream(packed: Source, input: Input, out: Output): void {
  const header = input.take(12);
  if (!header.subarray(0, 6).equals(HEADER)) throw new Error("no xz header");
  const checkSize = CHECK_SIZES[(header[7] ?? 0) & 15] ?? 0;
  while (input.peek() > 0) {
    readBlock(packed, input, out);
    input.take(checkSize);
  }
  skipIndex(input);
  input.take(12);
  for (let padding = input.look(4); padding.length === 4 && padding.readUInt32LE(0) === 0; ) {
    input.take(4);
    padding = input.look(4);
  }
}

const LZMA2 = 0x21;
const DELTA = 0x03;
const BRANCH_IDS: Readonly<Record<number, Branch>> = {
  4: "x86",
  5: "ppc",
  7: "arm",
  8: "armt",
  9: "sparc",
  10: "arm64",
};

function readBlock(packed: Source, input: Input, out: Output): void {
  const start = input.position;
  const header = input.take((input.peek() + 1) * 4);
  const { filters, dictionary } = readFilters(header);
  const end = throughFilters(filters, out, (target) =>
    decodeLzma2(packed, target, dictionary, input.position),
  );
  input.seek(end);
  input.take((4 - ((end - start) % 4)) % 4);
}

function readFilters(header: Buffer): { filters: Filter[]; dictionary: number } {
  const input = new Input(bytesSource(header), 1);
  const flags = input.byte();
  for (const bit of [0x40, 0x80]) if (flags & bit) readNumber(input);
  const filters: Filter[] = [];
  for (let left = flags & 3; ; left--) {
    const id = readNumber(input);
    const properties = input.take(readNumber(input));
    const branch = BRANCH_IDS[id];
    if (left === 0 && id === LZMA2) return { filters, dictionary: lzma2Dictionary(properties[0] ?? 0) };
    if (id === DELTA) filters.push({ kind: "delta", distance: (properties[0] ?? 0) + 1 });
    else if (branch) filters.push({ kind: branch });
    else throw new Error("an unknown xz filter");
    if (left === 0) throw new Error("an xz block without LZMA2");
  }
}

function readNumber(input: Input): number {
  let value = 0;
  for (let shift = 0; shift < 63; shift += 7) {
    const byte = input.byte();
    value += (byte & 0x7f) * 2 ** shift;
    if (!(byte & 0x80)) return value;
  }
  throw new Error("bad xz number");
}

function skipIndex(input: Input): void {
  const start = input.position;
  input.take(1);
  for (let left = 2 * readNumber(input); left > 0; left--) readNumber(input);
  input.take((4 - ((input.position - start) % 4)) % 4);
  input.take(4);
}
