import type { Source } from "../../core/source.js";

const MAX_BLOCKS = 65_536;
const MAX_BLOCK = 16 * 1024 * 1024;
const MAX_DEPTH = 16;

/** What the header of a fractal heap says (HDF5 File Format Specification, III.G). */
interface Heap {
  source: Source;
  width: number;
  first: number;
  largest: number;
  offsetBytes: number;
  left: number;
}

/** The direct blocks of the fractal heap at `address`: groups of many links keep them there. */
export function* heapBlocks(source: Source, address: number): Generator<{ at: number; bytes: Buffer }> {
  const head = source.read(address, 142);
  // Blocks that went through a filter are reported by `checkHeapFilters`.
  if (head.length < 142 || head.toString("latin1", 0, 4) !== "FRHP" || head.readUInt16LE(7) !== 0) return;
  const heap: Heap = {
    source,
    width: head.readUInt16LE(110),
    first: Number(head.readBigUInt64LE(112)),
    largest: Number(head.readBigUInt64LE(120)),
    offsetBytes: Math.ceil(head.readUInt16LE(128) / 8),
    left: MAX_BLOCKS,
  };
  const root = Number(head.readBigUInt64LE(132));
  const rows = head.readUInt16LE(140);
  if (rows === 0) yield* direct(heap, root, heap.first);
  else yield* indirect(heap, root, rows, 0);
}

function* direct({ source }: Heap, at: number, size: number): Generator<{ at: number; bytes: Buffer }> {
  const bytes = source.read(at, Math.min(size, MAX_BLOCK));
  if (bytes.toString("latin1", 0, 4) === "FHDB") yield { at, bytes };
}

/** Rows of blocks, the first two of the first size and each next one of twice that, until they are too large to be direct. */
function* indirect(
  heap: Heap,
  at: number,
  rows: number,
  depth: number,
): Generator<{ at: number; bytes: Buffer }> {
  const start = at + 13 + heap.offsetBytes;
  if (depth > MAX_DEPTH || heap.source.read(at, 4).toString("latin1") !== "FHIB") return;
  for (let row = 0; row < rows; row++) {
    const size = heap.first * 2 ** Math.max(0, row - 1);
    const entries = heap.source.read(start + row * heap.width * 8, heap.width * 8);
    for (let entry = 0; entry + 8 <= entries.length; entry += 8) {
      const child = Number(entries.readBigUInt64LE(entry));
      if (child >= heap.source.size) continue;
      if (heap.left-- <= 0) return;
      if (size <= heap.largest) yield* direct(heap, child, size);
      else yield* indirect(heap, child, rowsOf(heap, size), depth + 1);
    }
  }
}

/** How many rows an indirect block has that stands for `size` bytes. */
function rowsOf({ first, width }: Heap, size: number): number {
  return Math.max(1, Math.round(Math.log2(size / (first * width))) + 1);
}
