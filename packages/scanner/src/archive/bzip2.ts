import type { Unpacked } from "./inflate.js";

const BLOCK = 0x314159265359;
const FINAL = 0x177245385090;

class Bits {
  private readonly bytes: Buffer;
  private at: number;
  private bit = 0;
  constructor(bytes: Buffer, at: number) {
    this.bytes = bytes;
    this.at = at;
  }
  read(count: number): number {
    let value = 0;
    for (let left = count; left > 0; ) {
      const byte = this.bytes[this.at];
      if (byte === undefined) throw new Error("truncated bzip2 stream");
      const take = Math.min(left, 8 - this.bit);
      value = value * 2 ** take + ((byte >> (8 - this.bit - take)) & ((1 << take) - 1));
      this.bit += take;
      left -= take;
      if (this.bit === 8) {
        this.bit = 0;
        this.at++;
      }
    }
    return value;
  }
  /** The offset of the next whole byte. */
  align(): number {
    if (this.bit > 0) {
      this.bit = 0;
      this.at++;
    }
    return this.at;
  }
}

/** Collects output up to a limit. */
class Output {
  readonly limit: number;
  full = false;
  private bytes = Buffer.allocUnsafe(64 * 1024);
  private length = 0;
  constructor(limit: number) {
    this.limit = limit;
  }
  push(byte: number, count: number): void {
    const kept = Math.min(count, this.limit - this.length);
    if (kept < count) this.full = true;
    if (this.length + kept > this.bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.length + kept));
      this.bytes.copy(larger, 0, 0, this.length);
      this.bytes = larger;
    }
    this.bytes.fill(byte, this.length, this.length + kept);
    this.length += kept;
  }
  take(): Buffer {
    return this.bytes.subarray(0, this.length);
  }
}

/** Unpacks bzip2 streams one after the other. */
export function bunzip2(packed: Buffer, limit: number): Unpacked {
  const output = new Output(limit);
  let at = 0;
  try {
    while (packed.toString("latin1", at, at + 3) === "BZh") at = readStream(packed, at, output);
  } catch (error) {
    const reason = error instanceof Error ? error.message : "broken";
    return { bytes: output.take(), consumed: packed.length, cut: output.full, error: reason };
  }
  return { bytes: output.take(), consumed: at, cut: output.full };
}

function readStream(packed: Buffer, start: number, output: Output): number {
  const level = (packed[start + 3] ?? 0) - 0x30;
  if (level < 1 || level > 9) throw new Error("bad bzip2 header");
  const bits = new Bits(packed, start + 4);
  for (;;) {
    const magic = bits.read(48);
    if (magic === FINAL) {
      bits.read(32);
      return bits.align();
    }
    if (magic !== BLOCK) throw new Error("bad bzip2 block");
    readBlock(bits, level * 100_000, output);
    if (output.full) return packed.length;
  }
}

function readBlock(bits: Bits, size: number, output: Output): void {
  bits.read(32);
  if (bits.read(1)) throw new Error("randomised bzip2 block");
  const origin = bits.read(24);
  const symbols = readSymbols(bits);
  const tables = readSelectors(bits);
  const alphabet = symbols.length + 2;
  const codes = Array.from({ length: tables.count }, () => readCode(bits, alphabet));
  const block = readMoveToFront({ bits, selectors: tables.selectors, codes }, symbols, size);
  if (origin >= block.length) throw new Error("bad bzip2 origin");
  writeBlock(block, origin, output);
}

function readSymbols(bits: Bits): number[] {
  const used = bits.read(16);
  const symbols: number[] = [];
  for (let i = 0; i < 16; i++) {
    if (!(used & (0x8000 >> i))) continue;
    const row = bits.read(16);
    for (let j = 0; j < 16; j++) if (row & (0x8000 >> j)) symbols.push(i * 16 + j);
  }
  return symbols;
}

function readSelectors(bits: Bits): { count: number; selectors: number[] } {
  const count = bits.read(3);
  const total = bits.read(15);
  if (count < 2 || count > 6 || total < 1) throw new Error("bad bzip2 tables");
  const order = Array.from({ length: count }, (_, i) => i);
  const selectors: number[] = [];
  for (let i = 0; i < total; i++) {
    let index = 0;
    while (bits.read(1)) index++;
    const [chosen] = order.splice(index, 1);
    if (chosen === undefined) throw new Error("bad bzip2 selector");
    order.unshift(chosen);
    selectors.push(chosen);
  }
  return { count, selectors };
}

/** A canonical Huffman code: for each length the largest code, the base, and the symbols in order. */
interface Code {
  limit: number[];
  base: number[];
  symbols: number[];
  shortest: number;
}

function readLengths(bits: Bits, alphabet: number): number[] {
  const lengths: number[] = [];
  let length = bits.read(5);
  for (let i = 0; i < alphabet; i++) {
    while (bits.read(1)) length += bits.read(1) ? -1 : 1;
    if (length < 1 || length > 20) throw new Error("bad bzip2 code");
    lengths.push(length);
  }
  return lengths;
}

function readCode(bits: Bits, alphabet: number): Code {
  const lengths = readLengths(bits, alphabet);
  const shortest = Math.min(...lengths);
  const limit: number[] = [];
  const base: number[] = [];
  const symbols: number[] = [];
  let code = 0;
  for (let size = shortest; size <= 20; size++) {
    base[size] = symbols.length - code;
    for (const [symbol, length] of lengths.entries()) {
      if (length !== size) continue;
      symbols.push(symbol);
      code++;
    }
    limit[size] = code - 1;
    code <<= 1;
  }
  return { limit, base, symbols, shortest };
}

function readSymbol(bits: Bits, code: Code): number {
  let value = bits.read(code.shortest);
  for (let size = code.shortest; size <= 20; size++) {
    if (value <= (code.limit[size] ?? -1)) {
      const symbol = code.symbols[value + (code.base[size] ?? 0)];
      if (symbol === undefined) break;
      return symbol;
    }
    value = value * 2 + bits.read(1);
  }
  throw new Error("bad bzip2 symbol");
}

interface Coded {
  bits: Bits;
  selectors: number[];
  codes: Code[];
}

/** Symbols in groups of fifty, each group with the code that its selector names. */
function* readSymbolStream({ bits, selectors, codes }: Coded): Generator<number> {
  for (const selector of selectors) {
    const code = codes[selector];
    if (!code) throw new Error("bad bzip2 selector");
    for (let i = 0; i < 50; i++) yield readSymbol(bits, code);
  }
  throw new Error("bad bzip2 selector");
}

function readMoveToFront(coded: Coded, symbols: number[], size: number): Uint8Array {
  const front = [...symbols];
  const block = new Uint8Array(size);
  const end = symbols.length + 1;
  let length = 0;
  let run = 0;
  let weight = 1;
  for (const symbol of readSymbolStream(coded)) {
    if (symbol <= 1) {
      run += weight * (symbol + 1);
      weight *= 2;
      if (length + run > size) throw new Error("bad bzip2 run");
      continue;
    }
    block.fill(front[0] ?? 0, length, length + run);
    length += run;
    run = 0;
    weight = 1;
    if (symbol === end) return block.subarray(0, length);
    const [byte] = front.splice(symbol - 1, 1);
    if (byte === undefined || length >= size) throw new Error("bad bzip2 symbol");
    front.unshift(byte);
    block[length++] = byte;
  }
  return block.subarray(0, length);
}

/** Where each byte of the sorted block comes from (the inverse Burrows-Wheeler transform). */
function invert(block: Uint8Array): Uint32Array {
  const starts = new Uint32Array(257);
  for (const byte of block) starts[byte + 1] = (starts[byte + 1] ?? 0) + 1;
  for (let i = 1; i < 257; i++) starts[i] = (starts[i] ?? 0) + (starts[i - 1] ?? 0);
  const next = new Uint32Array(block.length);
  for (const [i, byte] of block.entries()) {
    const at = starts[byte] ?? 0;
    next[at] = i;
    starts[byte] = at + 1;
  }
  return next;
}

/** Follows the transform, then undoes the run lengths of the first stage: four equal bytes and a count. */
function writeBlock(block: Uint8Array, origin: number, output: Output): void {
  const next = invert(block);
  let at = next[origin] ?? 0;
  let previous = -1;
  let repeated = 0;
  for (let i = 0; i < block.length && !output.full; i++) {
    const byte = block[at] ?? 0;
    at = next[at] ?? 0;
    if (repeated === 4) {
      output.push(previous, byte);
      repeated = 0;
      previous = -1;
      continue;
    }
    repeated = byte === previous ? repeated + 1 : 1;
    previous = byte;
    output.push(byte, 1);
  }
}
