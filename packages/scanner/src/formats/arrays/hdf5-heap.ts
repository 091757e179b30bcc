import { indexOf, type Source } from "../../core/source.js";

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

export interface Block {
  at: number;
  bytes: Buffer;
}

/** The direct blocks of the fractal heap at `address`, where groups of many links keep them, and its large objects. */
export function* heapBlocks(source: Source, address: number): Generator<Block> {
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
  if (head.readBigUInt64LE(78) > 0n) yield* huge(source);
}

/** Nodes of the B-trees that list what is too large for a block: their mark, and the bytes of a record by their type. */
const NODES: readonly Buffer[] = [Buffer.from("BTLF"), Buffer.from("BTIN")];
const RECORDS: ReadonlyMap<number | undefined, number> = new Map([
  [1, 24],
  [3, 16],
]);
const MAX_NODE = 4096;

/** Every node counts, whichever tree it belongs to. */
function* huge(source: Source): Generator<Block> {
  let left = MAX_BLOCKS;
  for (const mark of NODES) {
    for (let at = indexOf(source, mark); at >= 0 && left > 0; at = indexOf(source, mark, at + 4)) {
      const node = source.read(at, MAX_NODE);
      const width = RECORDS.get(node[5]);
      for (let i = 6; width !== undefined && i + 16 <= node.length && left-- > 0; i += width) {
        const [place, length] = [Number(node.readBigUInt64LE(i)), Number(node.readBigUInt64LE(i + 8))];
        if (length === 0 || length > MAX_BLOCK || place + length > source.size) break;
        yield { at: place, bytes: source.read(place, length) };
      }
    }
  }
}

function* direct({ source }: Heap, at: number, size: number): Generator<Block> {
  const bytes = source.read(at, Math.min(size, MAX_BLOCK));
  if (bytes.toString("latin1", 0, 4) === "FHDB") yield { at, bytes };
}

/** Rows of blocks, the first two of the first size and each next one of twice that, until they are too large to be direct. */
function* indirect(heap: Heap, at: number, rows: number, depth: number): Generator<Block> {
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
