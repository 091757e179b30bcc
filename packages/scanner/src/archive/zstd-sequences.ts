import type { Output } from "./output.js";
import { BackwardBits } from "./zstd-bits.js";
import { FseState, type FseTable, makeTable, readTable, singleTable } from "./zstd-fse.js";

/** A code's first value and how many bits are added to it (RFC 8878 section 3.1.1.3.2.1). */
interface Code {
  base: readonly number[];
  bits: readonly number[];
  /** The table in force unless a block brings its own. */
  usual: FseTable;
  accuracy: number;
}

function code(
  first: number,
  plain: number,
  bits: readonly number[],
  counts: readonly number[],
  usual: number,
): Code {
  const all = [...new Array<number>(plain).fill(0), ...bits];
  let next = first;
  const base = all.map((width) => {
    next += 2 ** width;
    return next - 2 ** width;
  });
  return { base, bits: all, usual: makeTable(counts, usual), accuracy: 9 };
}

const LITERALS = code(
  0,
  16,
  [1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
  [
    4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1,
    -1, -1,
  ],
  6,
);
const MATCHES = code(
  3,
  32,
  [1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
  [1, 4, 3, 2, 2, 2, 2, 2, 2, ...new Array<number>(37).fill(1), -1, -1, -1, -1, -1, -1, -1],
  6,
);
const OFFSETS: Code = {
  base: [],
  bits: [],
  usual: makeTable(
    [1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1],
    5,
  ),
  accuracy: 8,
};

/** What one block leaves to the next. */
export interface Past {
  tables: (FseTable | undefined)[];
  offsets: [number, number, number];
}

export function freshPast(): Past {
  return { tables: [], offsets: [1, 4, 8] };
}

/** Copies literals and repeats what came before, as the block's sequences say. */
export function runSequences(block: Buffer, start: number, literals: Buffer, past: Past, out: Output): void {
  const { count, at } = readCount(block, start);
  let used = 0;
  if (count > 0) {
    const { tables, end } = readTables(block, at, past);
    const bits = new BackwardBits(block.subarray(end));
    const [literalTable = OFFSETS.usual, offsetTable = OFFSETS.usual, matchTable = OFFSETS.usual] = tables;
    const literalState = new FseState(literalTable, bits);
    const offsetState = new FseState(offsetTable, bits);
    const matchState = new FseState(matchTable, bits);
    for (let i = 0; i < count; i++) {
      const value = readOffset(offsetState.symbol, bits);
      const length = readValue(MATCHES, matchState.symbol, bits);
      const copied = readValue(LITERALS, literalState.symbol, bits);
      if (i + 1 < count) {
        literalState.update(bits);
        matchState.update(bits);
        offsetState.update(bits);
      }
      if (bits.left < 0 || used + copied > literals.length) throw new Error("bad zstd sequence");
      out.append(literals, used, used + copied);
      used += copied;
      out.repeat(resolve(past.offsets, value, copied === 0), length);
    }
  }
  out.append(literals, used);
}

function readCount(block: Buffer, at: number): { count: number; at: number } {
  const [first, second = 0, third = 0] = block.subarray(at, at + 3);
  if (first === undefined) throw new Error("truncated zstd block");
  if (first < 128) return { count: first, at: at + 1 };
  if (first < 255) return { count: ((first - 128) << 8) + second, at: at + 2 };
  return { count: second + (third << 8) + 0x7f00, at: at + 3 };
}

function readTables(block: Buffer, start: number, past: Past): { tables: FseTable[]; end: number } {
  const modes = block[start] ?? 0;
  let at = start + 1;
  const tables = [LITERALS, OFFSETS, MATCHES].map((kind, index) => {
    const mode = (modes >> (6 - 2 * index)) & 3;
    if (mode === 0) return kind.usual;
    if (mode === 1) return singleTable(block[at++] ?? 0);
    if (mode === 2) {
      const { table, end } = readTable(block, at, kind.accuracy);
      at = end;
      return table;
    }
    const last = past.tables[index];
    if (!last) throw new Error("bad zstd table");
    return last;
  });
  past.tables = tables;
  return { tables, end: at };
}

function readValue({ base, bits }: Code, symbol: number, stream: BackwardBits): number {
  const first = base[symbol];
  if (first === undefined) throw new Error("bad zstd code");
  return first + stream.read(bits[symbol] ?? 0);
}

function readOffset(symbol: number, stream: BackwardBits): number {
  if (symbol > 31) throw new Error("bad zstd offset");
  const high = Math.max(0, symbol - 16);
  const upper = stream.read(high);
  const low = symbol - high;
  return 2 ** symbol + upper * 2 ** low + stream.read(low);
}

/** The first three values stand for recent offsets (RFC 8878 section 3.1.1.5). */
function resolve(offsets: [number, number, number], value: number, noLiterals: boolean): number {
  const [first, second, third] = offsets;
  const index = value > 3 ? 3 : value - (noLiterals ? 0 : 1);
  if (index === 0) return first;
  const recent = index === 1 ? second : index === 2 ? third : first - 1;
  const offset = value > 3 ? value - 3 : recent;
  offsets[0] = offset;
  offsets[1] = first;
  if (index > 1) offsets[2] = second;
  return offset;
}
