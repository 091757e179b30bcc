import type { Source } from "../core/source.js";
import { Input } from "./input.js";
import type { Output } from "./output.js";

const LENGTHS = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
  227, 258,
];
const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCES = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
  6145, 8193, 12289, 16385, 24577, 32769, 49153,
];
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const FAST = 9;
const LONGEST = 15;

/** Where deflate and Deflate64 (method 9 of zip) differ. */
interface Variant {
  lengths: readonly number[];
  lengthBits: readonly number[];
  /** Distance codes that mean something. */
  distances: number;
}

const PLAIN: Variant = { lengths: LENGTHS, lengthBits: LENGTH_BITS, distances: 30 };
const WIDE: Variant = {
  lengths: LENGTHS.with(28, 3),
  lengthBits: LENGTH_BITS.with(28, 16),
  distances: 32,
};

/** Inflates raw deflate symbol by symbol: slower than zlib, but whatever precedes a fault comes out. */
export function inflateExactly(packed: Source, out: Output, start = 0): number {
  return run(packed, out, start, PLAIN);
}

export function inflate64(packed: Source, out: Output): number {
  return run(packed, out, 0, WIDE);
}

function run(packed: Source, out: Output, start: number, variant: Variant): number {
  const bits = new Bits(new Input(packed, start));
  out.begin(65_536);
  for (let final = 0; final === 0; ) {
    final = bits.read(1);
    const kind = bits.read(2);
    if (kind === 0) copyStored(bits, out);
    else if (kind === 1) readSymbols(bits, out, fixedCodes(), variant);
    else if (kind === 2) readSymbols(bits, out, readCodes(bits), variant);
    else throw new Error("bad deflate block");
  }
  return bits.align();
}

class Bits {
  readonly input: Input;
  private hold = 0;
  private count = 0;

  constructor(input: Input) {
    this.input = input;
  }

  /** At most 16 bits. */
  read(count: number): number {
    while (this.count < count) {
      this.hold |= this.input.byte() << this.count;
      this.count += 8;
    }
    const value = this.hold & ((1 << count) - 1);
    this.hold >>>= count;
    this.count -= count;
    return value;
  }

  symbol({ fast, counts, symbols }: Code): number {
    while (this.count < FAST && !this.input.ended) {
      this.hold |= this.input.byte() << this.count;
      this.count += 8;
    }
    const entry = fast[this.hold & ((1 << FAST) - 1)] ?? 0;
    const length = entry & 15;
    if (entry !== 0 && length <= this.count) {
      this.hold >>>= length;
      this.count -= length;
      return entry >> 4;
    }
    return this.slowSymbol(counts, symbols);
  }

  /** Gives back whole bytes and answers where the next one lies. */
  align(): number {
    const position = this.input.position - (this.count >> 3);
    this.hold = 0;
    this.count = 0;
    this.input.seek(position);
    return position;
  }

  private slowSymbol(counts: Uint16Array, symbols: Uint16Array): number {
    let code = 0;
    let first = 0;
    let index = 0;
    for (let length = 1; length <= LONGEST; length++) {
      code |= this.read(1);
      const count = counts[length] ?? 0;
      if (code - count < first) return symbols[index + code - first] ?? 0;
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    throw new Error("bad deflate symbol");
  }
}

/** A canonical Huffman code: symbols in the order of their codes, and a table of the short ones. */
interface Code {
  counts: Uint16Array;
  symbols: Uint16Array;
  /** symbol << 4 | length, by the next bits; 0 for what is longer. */
  fast: Uint16Array;
}

interface Codes {
  lengths: Code;
  distances: Code;
}

function makeCode(lengths: Uint8Array): Code {
  const counts = new Uint16Array(LONGEST + 1);
  for (const length of lengths) counts[length] = (counts[length] ?? 0) + 1;
  counts[0] = 0;
  const { offsets, next } = firstCodes(counts);
  const symbols = new Uint16Array(lengths.length);
  const fast = new Uint16Array(1 << FAST);
  for (const [symbol, length] of lengths.entries()) {
    if (length === 0) continue;
    const at = offsets[length] ?? 0;
    const code = next[length] ?? 0;
    offsets[length] = at + 1;
    next[length] = code + 1;
    symbols[at] = symbol;
    if (length > FAST) continue;
    for (let slot = reversed(code, length); slot < 1 << FAST; slot += 1 << length)
      fast[slot] = (symbol << 4) | length;
  }
  return { counts, symbols, fast };
}

/** For each length: where its symbols begin, and its first code. */
function firstCodes(counts: Uint16Array): { offsets: Uint16Array; next: Uint32Array } {
  const offsets = new Uint16Array(LONGEST + 2);
  const next = new Uint32Array(LONGEST + 2);
  for (let length = 1; length <= LONGEST; length++) {
    const count = counts[length] ?? 0;
    offsets[length + 1] = (offsets[length] ?? 0) + count;
    next[length + 1] = ((next[length] ?? 0) + count) << 1;
    if ((next[length] ?? 0) + count > 1 << length) throw new Error("bad deflate code");
  }
  return { offsets, next };
}

function reversed(code: number, length: number): number {
  let result = 0;
  for (let i = 0; i < length; i++) result |= ((code >> i) & 1) << (length - 1 - i);
  return result;
}

let fixed: Codes | undefined;

function fixedCodes(): Codes {
  if (fixed) return fixed;
  const lengths = new Uint8Array(288).fill(8).fill(9, 144, 256).fill(7, 256, 280);
  fixed = { lengths: makeCode(lengths), distances: makeCode(new Uint8Array(32).fill(5)) };
  return fixed;
}

function readCodes(bits: Bits): Codes {
  const lengths = bits.read(5) + 257;
  const distances = bits.read(5) + 1;
  const stated = bits.read(4) + 4;
  const own = new Uint8Array(19);
  for (const at of ORDER.slice(0, stated)) own[at] = bits.read(3);
  const code = makeCode(own);
  const all = new Uint8Array(lengths + distances);
  for (let at = 0; at < all.length; ) {
    const symbol = bits.symbol(code);
    const count = symbol < 16 ? 1 : readRepeat(bits, symbol);
    if (at + count > all.length || (symbol === 16 && at === 0)) throw new Error("bad deflate code");
    const value = symbol < 16 ? symbol : symbol === 16 ? (all[at - 1] ?? 0) : 0;
    all.fill(value, at, at + count);
    at += count;
  }
  return { lengths: makeCode(all.subarray(0, lengths)), distances: makeCode(all.subarray(lengths)) };
}

function readRepeat(bits: Bits, symbol: number): number {
  if (symbol === 16) return 3 + bits.read(2);
  return symbol === 17 ? 3 + bits.read(3) : 11 + bits.read(7);
}

function readSymbols(bits: Bits, out: Output, codes: Codes, variant: Variant): void {
  for (;;) {
    const symbol = bits.symbol(codes.lengths);
    if (symbol < 256) {
      out.put(symbol);
      continue;
    }
    if (symbol === 256) return;
    const length = variant.lengths[symbol - 257];
    if (length === undefined) throw new Error("bad deflate length");
    const count = length + bits.read(variant.lengthBits[symbol - 257] ?? 0);
    const slot = bits.symbol(codes.distances);
    if (slot >= variant.distances) throw new Error("bad deflate distance");
    out.repeat((DISTANCES[slot] ?? 0) + bits.read(slot < 4 ? 0 : (slot >> 1) - 1), count);
  }
}

function copyStored(bits: Bits, out: Output): void {
  bits.align();
  const head = bits.input.take(4);
  const length = head.readUInt16LE(0);
  if (length !== (~head.readUInt16LE(2) & 0xffff)) throw new Error("bad deflate block");
  bits.input.pass(length, out);
}
