import { decodeHuffman, type HuffmanTable, readHuffman } from "./zstd-huffman.js";

const MAX_LITERALS = 128 * 1024;

interface Section {
  kind: number;
  size: number;
  packed: number;
  streams: number;
  start: number;
}

/** Reads a block's literals (RFC 8878 section 3.1.1.3.1). The code stays for the next block. */
export function readLiterals(
  block: Buffer,
  past: { huffman?: HuffmanTable },
): { literals: Buffer; end: number } {
  const { kind, size, packed, streams, start } = readHeader(block);
  const end = start + packed;
  if (size > MAX_LITERALS || end > block.length) throw new Error("bad zstd literals");
  if (kind === 0) return { literals: block.subarray(start, end), end };
  if (kind === 1) return { literals: Buffer.alloc(size, block[start] ?? 0), end };
  let at = start;
  if (kind === 2) {
    const read = readHuffman(block.subarray(0, end), start);
    past.huffman = read.table;
    at = read.end;
  }
  if (!past.huffman) throw new Error("zstd literals without a code");
  const literals = Buffer.allocUnsafe(size);
  decodeStreams(past.huffman, block.subarray(at, end), literals, streams);
  return { literals, end };
}

/** Bytes of the header by its format, for literals as they are and for packed ones. */
const RAW_HEADER = [1, 2, 1, 3];
const PACKED_HEADER = [3, 3, 4, 5];

function readHeader(block: Buffer): Section {
  const first = block[0] ?? 0;
  const kind = first & 3;
  const format = (first >> 2) & 3;
  const length = (kind < 2 ? RAW_HEADER : PACKED_HEADER)[format] ?? 1;
  if (block.length < length) throw new Error("truncated zstd block");
  const value = block.readUIntLE(0, length);
  if (kind < 2) {
    const size = value >> (length === 1 ? 3 : 4);
    return { kind, size, packed: kind === 0 ? size : 1, streams: 1, start: length };
  }
  const range = 2 ** ([10, 10, 14, 18][format] ?? 18);
  const sizes = Math.floor(value / 16);
  const packed = Math.floor(sizes / range);
  return { kind, size: sizes % range, packed, streams: format === 0 ? 1 : 4, start: length };
}

/** Four streams begin with the sizes of the first three. */
function decodeStreams(table: HuffmanTable, bytes: Buffer, literals: Buffer, streams: number): void {
  if (streams === 1) {
    decodeHuffman(table, bytes, literals);
    return;
  }
  if (bytes.length < 6) throw new Error("truncated zstd block");
  const each = (literals.length + 3) >> 2;
  let at = 6;
  for (let i = 0; i < 4; i++) {
    const end = i < 3 ? at + bytes.readUInt16LE(i * 2) : bytes.length;
    if (end > bytes.length || end < at) throw new Error("bad zstd literals");
    const to = literals.subarray(
      Math.min(i * each, literals.length),
      i < 3 ? (i + 1) * each : literals.length,
    );
    decodeHuffman(table, bytes.subarray(at, end), to);
    at = end;
  }
}
