import type { Source } from "../core/source.js";
import { BLOCK, sizeOf } from "./tar-header.js";

/** Where a piece of a file with holes belongs; the pieces lie one behind the other. */
interface Piece {
  offset: number;
  size: number;
}

export interface Sparse {
  pieces: Piece[];
  /** The size of the whole file. */
  size: number;
  /** Bytes of the data before the first piece. */
  header: number;
}

const MAX_PIECES = 1_000_000;

/** GNU's first form: four pieces in the header, 21 in each block that follows it. */
export function readOldSparse(source: Source, at: number): Sparse {
  const pieces: Piece[] = [];
  let block = source.read(at, BLOCK);
  const size = sizeOf(block, 483);
  addPieces(block, 386, 4, pieces);
  let header = 0;
  for (let more = block[482] === 1; more && pieces.length < MAX_PIECES; more = block[504] === 1) {
    header += BLOCK;
    block = source.read(at + header, BLOCK);
    if (block.length < BLOCK) break;
    addPieces(block, 0, 21, pieces);
  }
  return { pieces, size, header };
}

function addPieces(block: Buffer, at: number, count: number, pieces: Piece[]): void {
  for (let i = 0; i < count; i++) {
    const from = at + 24 * i;
    if (block[from] === 0) return;
    pieces.push({ offset: sizeOf(block, from), size: sizeOf(block, from + 12) });
  }
}

/** The forms inside pax headers: a list there, or (1.0) at the beginning of the data. */
export function readPaxSparse(records: ReadonlyMap<string, string>, data: Source): Sparse | undefined {
  const size = Number(records.get("GNU.sparse.realsize") ?? records.get("GNU.sparse.size"));
  if (!Number.isSafeInteger(size) || size < 0) return undefined;
  const list = records.get("GNU.sparse.map");
  if (list !== undefined) return { pieces: pairs(list.split(",")), size, header: 0 };
  if (records.get("GNU.sparse.major") !== "1") return undefined;
  return readMap(data, size);
}

function pairs(numbers: readonly string[]): Piece[] {
  const pieces: Piece[] = [];
  for (let i = 0; i + 1 < numbers.length && pieces.length < MAX_PIECES; i += 2)
    pieces.push({ offset: Number(numbers[i]), size: Number(numbers[i + 1]) });
  return pieces;
}

/** Lines of decimal numbers, filled up to a whole block. */
function readMap(data: Source, size: number): Sparse {
  const numbers: string[] = [];
  let line = "";
  let at = 0;
  for (let wanted = 1; numbers.length < wanted && at < data.size; at += BLOCK) {
    const lines = (line + data.read(at, BLOCK).toString("latin1")).split("\n");
    line = lines.pop() ?? "";
    for (const one of lines)
      if (numbers.length < wanted) {
        numbers.push(one);
        if (numbers.length === 1) wanted = 1 + 2 * Math.min(MAX_PIECES, Number(one) || 0);
      }
  }
  return { pieces: pairs(numbers.slice(1)), size, header: at };
}

/** The file as it is unpacked, with zeros where there is no piece; undefined when the pieces are in disorder. */
export function sparseSource(data: Source, { pieces, size, header }: Sparse): Source | undefined {
  let stored = header;
  let end = 0;
  const placed: { offset: number; end: number; from: number }[] = [];
  for (const piece of pieces) {
    if (!(piece.offset >= end) || !(piece.size >= 0)) return undefined;
    end = piece.offset + piece.size;
    placed.push({ offset: piece.offset, end, from: stored });
    stored += piece.size;
  }
  return {
    size,
    read: (offset, length) => {
      const start = Math.max(0, offset);
      const bytes = Buffer.alloc(Math.max(0, Math.min(size, offset + length) - start));
      const stop = start + bytes.length;
      for (let at = firstBehind(placed, start); (placed[at]?.offset ?? stop) < stop; at++) {
        const piece = placed[at];
        if (!piece) break;
        const from = Math.max(start, piece.offset);
        const found = data.read(piece.from + from - piece.offset, Math.min(stop, piece.end) - from);
        found.copy(bytes, from - start);
      }
      return bytes;
    },
  };
}

function firstBehind(placed: readonly { end: number }[], start: number): number {
  let low = 0;
  for (let high = placed.length; low < high; ) {
    const middle = (low + high) >> 1;
    if ((placed[middle]?.end ?? 0) > start) high = middle;
    else low = middle + 1;
  }
  return low;
}
