import { BackwardBits } from "./zstd-bits.js";
import { FseState, readTable } from "./zstd-fse.js";

const MAX_BITS = 11;

/** A Huffman code by the next `bits` bits (RFC 8878 section 4.2). */
export interface HuffmanTable {
  bits: number;
  symbols: Uint8Array;
  lengths: Uint8Array;
}

/** Reads the code's description and answers where it ends. */
export function readHuffman(bytes: Buffer, start: number): { table: HuffmanTable; end: number } {
  const head = bytes[start];
  if (head === undefined) throw new Error("truncated zstd block");
  if (head < 128) {
    const end = start + 1 + head;
    if (end > bytes.length) throw new Error("truncated zstd block");
    return { table: fromWeights(unpackWeights(bytes.subarray(start + 1, end))), end };
  }
  const count = head - 127;
  const end = start + 1 + ((count + 1) >> 1);
  if (end > bytes.length) throw new Error("truncated zstd block");
  const weights = Array.from({ length: count }, (_, i) => {
    const byte = bytes[start + 1 + (i >> 1)] ?? 0;
    return i & 1 ? byte & 15 : byte >> 4;
  });
  return { table: fromWeights(weights), end };
}

/** Two states take turns until the bits are used up. */
function unpackWeights(bytes: Buffer): number[] {
  const { table, end } = readTable(bytes, 0, 6);
  const bits = new BackwardBits(bytes.subarray(end));
  let current = new FseState(table, bits);
  let other = new FseState(table, bits);
  const weights: number[] = [];
  while (weights.length < 255) {
    weights.push(current.symbol);
    current.update(bits);
    if (bits.left < 0) {
      weights.push(other.symbol);
      return weights;
    }
    [current, other] = [other, current];
  }
  throw new Error("bad zstd weights");
}

function fromWeights(weights: number[]): HuffmanTable {
  let sum = 0;
  for (const weight of weights) {
    if (weight > MAX_BITS + 1) throw new Error("bad zstd weights");
    if (weight > 0) sum += 1 << (weight - 1);
  }
  const bits = 32 - Math.clz32(sum);
  const rest = (1 << bits) - sum;
  if (sum === 0 || bits > MAX_BITS || (rest & (rest - 1)) !== 0) throw new Error("bad zstd weights");
  const all = [...weights, 32 - Math.clz32(rest)];
  const table: HuffmanTable = {
    bits,
    symbols: new Uint8Array(1 << bits),
    lengths: new Uint8Array(1 << bits),
  };
  let at = 0;
  for (let weight = 1; weight <= bits; weight++) {
    for (const [symbol, own] of all.entries()) {
      if (own !== weight) continue;
      const end = at + (1 << (weight - 1));
      table.symbols.fill(symbol, at, end);
      table.lengths.fill(bits + 1 - weight, at, end);
      at = end;
    }
  }
  if (at !== 1 << bits) throw new Error("bad zstd weights");
  return table;
}

/** Decodes one stream into `to`. Bits that are left over, or that lack, are no fault: not all readers mind. */
export function decodeHuffman(table: HuffmanTable, stream: Buffer, to: Buffer): void {
  const bits = new BackwardBits(stream);
  const { bits: width, symbols, lengths } = table;
  const mask = (1 << width) - 1;
  let done = 0;
  for (let { left } = bits; done < to.length && left >= width; done++) {
    const at = (left - width) >> 3;
    const word = (stream[at] ?? 0) | ((stream[at + 1] ?? 0) << 8) | ((stream[at + 2] ?? 0) << 16);
    const code = (word >>> ((left - width) & 7)) & mask;
    to[done] = symbols[code] ?? 0;
    left -= lengths[code] ?? 0;
    bits.left = left;
  }
  for (let i = done; i < to.length; i++) {
    const code = bits.peek(width);
    to[i] = symbols[code] ?? 0;
    bits.left -= lengths[code] ?? 0;
  }
}
