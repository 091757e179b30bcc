import type { Bits } from "./bzip2-bits.js";

const FAST = 10;
const LONGEST = 20;

/** A canonical Huffman code: for each length the largest code and the base, the symbols in order, a table of short codes. */
export interface Code {
  limit: Int32Array;
  base: Int32Array;
  symbols: Uint16Array;
  /** symbol << 5 | length, by the next bits; 0 for what is longer. */
  fast: Uint16Array;
}

function readLengths(bits: Bits, alphabet: number): Uint8Array {
  const lengths = new Uint8Array(alphabet);
  let length = bits.read(5);
  for (let i = 0; i < alphabet; i++) {
    while (bits.read(1)) length += bits.read(1) ? -1 : 1;
    if (length < 1 || length > LONGEST) throw new Error("bad bzip2 code");
    lengths[i] = length;
  }
  return lengths;
}

export function readCode(bits: Bits, alphabet: number): Code {
  const lengths = readLengths(bits, alphabet);
  const limit = new Int32Array(LONGEST + 1).fill(-1);
  const base = new Int32Array(LONGEST + 1);
  const symbols = new Uint16Array(alphabet);
  const fast = new Uint16Array(1 << FAST);
  let code = 0;
  let known = 0;
  for (let size = 1; size <= LONGEST; size++) {
    base[size] = known - code;
    for (let symbol = 0; symbol < alphabet; symbol++) {
      if (lengths[symbol] !== size) continue;
      symbols[known++] = symbol;
      if (size <= FAST) fast.fill((symbol << 5) | size, code << (FAST - size), (code + 1) << (FAST - size));
      code++;
    }
    limit[size] = code - 1;
    code <<= 1;
  }
  return { limit, base, symbols, fast };
}

export function readSymbol(bits: Bits, { limit, base, symbols, fast }: Code): number {
  const entry = fast[bits.peek(FAST)] ?? 0;
  if (entry !== 0) {
    bits.read(entry & 31);
    return entry >> 5;
  }
  let value = 0;
  for (let size = 1; size <= LONGEST; size++) {
    value = (value << 1) | bits.read(1);
    if (value > (limit[size] ?? -1)) continue;
    const symbol = symbols[value + (base[size] ?? 0)];
    if (symbol === undefined) break;
    return symbol;
  }
  throw new Error("bad bzip2 symbol");
}
