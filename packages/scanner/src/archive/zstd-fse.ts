import type { BackwardBits } from "./zstd-bits.js";

/** A table of finite state entropy (RFC 8878 section 4.1). */
export interface FseTable {
  accuracy: number;
  symbols: Uint8Array;
  bits: Uint8Array;
  next: Uint16Array;
}

const MAX_SYMBOLS = 256;

function highestBit(value: number): number {
  return 31 - Math.clz32(value);
}

export function makeTable(counts: readonly number[], accuracy: number): FseTable {
  const size = 1 << accuracy;
  const table: FseTable = {
    accuracy,
    symbols: new Uint8Array(size),
    bits: new Uint8Array(size),
    next: new Uint16Array(size),
  };
  const states = spread(counts, table.symbols);
  for (let i = 0; i < size; i++) {
    const symbol = table.symbols[i] ?? 0;
    const state = states[symbol] ?? 1;
    states[symbol] = state + 1;
    const bits = accuracy - highestBit(state);
    table.bits[i] = bits;
    table.next[i] = (state << bits) - size;
  }
  return table;
}

/** Distributes the symbols over the table; rare ones stand at its end. */
function spread(counts: readonly number[], symbols: Uint8Array): number[] {
  const size = symbols.length;
  let threshold = size;
  const states = counts.map((count, symbol) => {
    if (count === -1 && threshold > 0) symbols[--threshold] = symbol;
    return Math.abs(count);
  });
  const step = (size >> 1) + (size >> 3) + 3;
  let position = 0;
  for (const [symbol, count] of counts.entries()) {
    for (let i = 0; i < count; i++) {
      symbols[position] = symbol;
      do position = (position + step) & (size - 1);
      while (position >= threshold && threshold > 0);
    }
  }
  if (position !== 0) throw new Error("bad zstd table");
  return states;
}

/** A table of one symbol that takes no bits. */
export function singleTable(symbol: number): FseTable {
  return {
    accuracy: 0,
    symbols: Uint8Array.of(symbol),
    bits: new Uint8Array(1),
    next: new Uint16Array(1),
  };
}

/** Reads a table's description from `at` on and answers where it ends. */
export function readTable(bytes: Buffer, at: number, most: number): { table: FseTable; end: number } {
  const bits = new ForwardBits(bytes, at);
  const accuracy = bits.peek(4) + 5;
  bits.at += 4;
  if (accuracy > most) throw new Error("bad zstd table");
  const counts: number[] = [];
  for (let remaining = 1 << accuracy; remaining > 0; ) {
    const count = readCountOf(bits, remaining);
    counts.push(count);
    remaining -= Math.abs(count);
    if (count === 0) readZeros(bits, counts);
    if (remaining < 0 || counts.length > MAX_SYMBOLS) throw new Error("bad zstd table");
  }
  return { table: makeTable(counts, accuracy), end: Math.ceil(bits.at / 8) };
}

class ForwardBits {
  at: number;
  private readonly bytes: Buffer;
  constructor(bytes: Buffer, start: number) {
    this.bytes = bytes;
    this.at = start * 8;
  }
  /** At most 16 bits, which stay. */
  peek(count: number): number {
    const from = this.at >> 3;
    if (from >= this.bytes.length) throw new Error("truncated zstd table");
    const [first = 0, second = 0, third = 0] = this.bytes.subarray(from, from + 3);
    return ((first | (second << 8) | (third << 16)) >>> (this.at & 7)) & ((1 << count) - 1);
  }
}

/** A symbol's share, in as few bits as what remains of the table allows; -1 for less than one. */
function readCountOf(bits: ForwardBits, remaining: number): number {
  const width = highestBit(remaining + 1) + 1;
  const low = (1 << (width - 1)) - 1;
  const threshold = (1 << width) - 2 - remaining;
  const value = bits.peek(width);
  if ((value & low) < threshold) {
    bits.at += width - 1;
    return (value & low) - 1;
  }
  bits.at += width;
  return (value > low ? value - threshold : value) - 1;
}

/** After a share of zero: how many more, two bits at a time. */
function readZeros(bits: ForwardBits, counts: number[]): void {
  for (let repeat = 3; repeat === 3 && counts.length <= MAX_SYMBOLS; ) {
    repeat = bits.peek(2);
    bits.at += 2;
    for (let i = 0; i < repeat; i++) counts.push(0);
  }
}

/** Walks a table by the bits of a stream. */
export class FseState {
  private readonly table: FseTable;
  private state: number;

  constructor(table: FseTable, bits: BackwardBits) {
    this.table = table;
    this.state = bits.read(table.accuracy);
  }

  get symbol(): number {
    return this.table.symbols[this.state] ?? 0;
  }

  update(bits: BackwardBits): void {
    this.state = (this.table.next[this.state] ?? 0) + bits.read(this.table.bits[this.state] ?? 0);
  }
}
