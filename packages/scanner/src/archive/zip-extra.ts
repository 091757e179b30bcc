import { crc32 } from "node:zlib";

export interface Sizes {
  size: number;
  packed: number;
  header: number;
}

const ZIP64 = 0x0001;
const UNICODE_PATH = 0x7075;

function field(extra: Buffer, id: number): Buffer | undefined {
  for (let at = 0; at + 4 <= extra.length; ) {
    const end = at + 4 + extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === id) return extra.subarray(at + 4, end);
    at = end;
  }
  return undefined;
}

/** Zip64: fields that read 0xffffffff follow as 64-bit numbers, in this order (APPNOTE 4.5.3). */
export function wide(sizes: Sizes, extra: Buffer): Sizes {
  const found = field(extra, ZIP64);
  if (!found) return sizes;
  let from = 0;
  const next = (value: number): number => {
    if (value !== 0xffffffff || from + 8 > found.length) return value;
    from += 8;
    return Number(found.readBigUInt64LE(from - 8));
  };
  return { size: next(sizes.size), packed: next(sizes.packed), header: next(sizes.header) };
}

/** Info-ZIP's Unicode path, which holds only with the checksum of the name that it replaces (APPNOTE 4.6.9). */
export function unicodePath(name: Buffer, extra: Buffer): string | undefined {
  const found = field(extra, UNICODE_PATH);
  if (!found || found.length < 6 || found[0] !== 1 || found.readUInt32LE(1) !== crc32(name)) return undefined;
  return found.toString("utf8", 5);
}
