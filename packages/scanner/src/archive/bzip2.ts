import type { Source } from "../core/source.js";
import { Bits } from "./bzip2-bits.js";
import { type Code, readCode, readSymbol } from "./bzip2-code.js";
import type { Output } from "./output.js";

const BLOCK = 0x314159265359;
const FINAL = 0x177245385090;

/** Unpacks bzip2 streams one after the other. Checksums are not verified. */
export function bunzip2(packed: Source, out: Output): number {
  let at = 0;
  do at = readStream(packed, at, out);
  while (packed.read(at, 3).toString("latin1") === "BZh");
  return at;
}

/** What a block is unpacked in, kept for the next one. */
interface Workspace {
  block: Uint8Array;
  next: Uint32Array;
}

function readStream(packed: Source, start: number, out: Output): number {
  const level = (packed.read(start, 4)[3] ?? 0) - 0x30;
  if (level < 1 || level > 9) throw new Error("bad bzip2 header");
  const bits = new Bits(packed, start + 4);
  const size = level * 100_000;
  let workspace: Workspace | undefined;
  out.begin(0);
  for (;;) {
    const magic = bits.read(24) * 2 ** 24 + bits.read(24);
    if (magic === FINAL) {
      bits.skip(32);
      return bits.align();
    }
    if (magic !== BLOCK) throw new Error("bad bzip2 block");
    workspace ??= { block: new Uint8Array(size), next: new Uint32Array(size) };
    readBlock(bits, workspace, out);
  }
}

function readBlock(bits: Bits, workspace: Workspace, out: Output): void {
  bits.skip(32);
  if (bits.read(1)) throw new Error("randomised bzip2 block");
  const origin = bits.read(24);
  const symbols = readUsed(bits);
  const { count, selectors } = readSelectors(bits);
  const codes = Array.from({ length: count }, () => readCode(bits, symbols.length + 2));
  const length = readMoveToFront({ bits, selectors, codes }, symbols, workspace.block);
  if (origin >= length) throw new Error("bad bzip2 origin");
  writeBlock(workspace, length, origin, out);
}

function readUsed(bits: Bits): Uint8Array {
  const used = bits.read(16);
  const symbols: number[] = [];
  for (let i = 0; i < 16; i++) {
    if (!(used & (0x8000 >> i))) continue;
    const row = bits.read(16);
    for (let j = 0; j < 16; j++) if (row & (0x8000 >> j)) symbols.push(i * 16 + j);
  }
  return Uint8Array.from(symbols);
}

function readSelectors(bits: Bits): { count: number; selectors: Uint8Array } {
  const count = bits.read(3);
  const selectors = new Uint8Array(bits.read(15));
  if (count < 2 || count > 6 || selectors.length < 1) throw new Error("bad bzip2 tables");
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = 0; i < selectors.length; i++) {
    let index = 0;
    while (bits.read(1)) index++;
    const [chosen] = order.splice(index, 1);
    if (chosen === undefined) throw new Error("bad bzip2 selector");
    order.unshift(chosen);
    selectors[i] = chosen;
  }
  return { count, selectors };
}

interface Coded {
  bits: Bits;
  selectors: Uint8Array;
  codes: Code[];
}

/** Symbols come in groups of fifty, each group with the code that its selector names. Answers the block's length. */
function readMoveToFront(coded: Coded, front: Uint8Array, block: Uint8Array): number {
  const end = front.length + 1;
  let length = 0;
  let weight = 1;
  for (let count = 0; ; count++) {
    const symbol = readSymbol(coded.bits, codeAt(coded, count));
    if (symbol === end) return length;
    const repeats = symbol <= 1;
    const run = repeats ? weight * (symbol + 1) : 1;
    if (length + run > block.length || symbol > end) throw new Error("bad bzip2 symbol");
    weight = repeats ? weight * 2 : 1;
    if (!repeats) moveToFront(front, symbol - 1);
    block.fill(front[0] ?? 0, length, length + run);
    length += run;
  }
}

function codeAt({ selectors, codes }: Coded, count: number): Code {
  const code = codes[selectors[Math.floor(count / 50)] ?? 7];
  if (!code) throw new Error("bad bzip2 selector");
  return code;
}

function moveToFront(front: Uint8Array, index: number): void {
  const byte = front[index] ?? 0;
  front.copyWithin(1, 0, index);
  front[0] = byte;
}

/** Where each byte of the sorted block comes from (the inverse Burrows-Wheeler transform), with the byte itself. */
function invert({ block, next }: Workspace, length: number): void {
  const starts = new Uint32Array(257);
  for (let i = 0; i < length; i++) {
    const slot = (block[i] ?? 0) + 1;
    starts[slot] = (starts[slot] ?? 0) + 1;
  }
  for (let i = 1; i < 257; i++) starts[i] = (starts[i] ?? 0) + (starts[i - 1] ?? 0);
  for (let i = 0; i < length; i++) {
    const byte = block[i] ?? 0;
    const at = starts[byte] ?? 0;
    next[at] = ((next[at] ?? 0) & 0xff) | (i << 8);
    next[i] = ((next[i] ?? 0) & ~0xff) | byte;
    starts[byte] = at + 1;
  }
}

/** Follows the transform, then undoes the run lengths of the first stage: four equal bytes and a count. */
function writeBlock(workspace: Workspace, length: number, origin: number, out: Output): void {
  invert(workspace, length);
  const { next } = workspace;
  let at = (next[origin] ?? 0) >>> 8;
  let previous = -1;
  let repeated = 0;
  for (let i = 0; i < length; i++) {
    const entry = next[at] ?? 0;
    const byte = entry & 0xff;
    at = entry >>> 8;
    if (repeated === 4) {
      out.fill(previous, byte);
      repeated = 0;
      previous = -1;
      continue;
    }
    repeated = byte === previous ? repeated + 1 : 1;
    previous = byte;
    out.put(byte);
  }
}
