import type { Source } from "../../core/source.js";
import { npyEnd } from "./npy-header.js";

/** The size of the whole file that a header states, for formats whose arrays may be nothing but zeros. */
export function statedSize(source: Source): number | undefined {
  const head = source.read(0, 560);
  const mark = head.toString("latin1", 0, 8);
  if (mark.startsWith("\x93NUMPY")) return npyEnd(source);
  if (mark === "\x89HDF\r\n\x1a\n") return hdf5End(head);
  return niftiEnd(head) ?? safetensorsEnd(source, head);
}

/** The end-of-file address (HDF5 File Format Specification, II.A), where addresses are 64 bits wide. */
function hdf5End(head: Buffer): number | undefined {
  const version = head[8] ?? 255;
  const at = version < 2 ? (version === 0 ? 40 : 44) : 28;
  if (version > 3 || head[version < 2 ? 13 : 9] !== 8 || head.length < at + 8) return undefined;
  return Number(head.readBigUInt64LE(at));
}

/** NIfTI-1 and -2, little- or big-endian: masks of brain scans are empty for the most part. */
function niftiEnd(head: Buffer): number | undefined {
  if (head.length < 560) return undefined;
  const little = head[0] !== 0;
  const int = (at: number): number => (little ? head.readInt32LE(at) : head.readInt32BE(at));
  const short = (at: number): number => (little ? head.readInt16LE(at) : head.readInt16BE(at));
  const long = (at: number): number => Number(little ? head.readBigInt64LE(at) : head.readBigInt64BE(at));
  if (int(0) === 348 && head.toString("latin1", 344, 348) === "n+1\0") {
    const sizes = Array.from({ length: short(40) & 7 }, (_, at) => short(42 + 2 * at));
    const offset = little ? head.readFloatLE(108) : head.readFloatBE(108);
    return voxels(sizes, short(72), offset);
  }
  if (int(0) !== 540 || head.toString("latin1", 4, 8) !== "n+2\0") return undefined;
  const sizes = Array.from({ length: long(16) & 7 }, (_, at) => long(24 + 8 * at));
  return voxels(sizes, short(14), long(168));
}

function voxels(sizes: readonly number[], bits: number, offset: number): number | undefined {
  const count = sizes.reduce((product, size) => product * Math.max(1, size), 1);
  const end = offset + (count * bits) / 8;
  return Number.isSafeInteger(end) ? end : undefined;
}

const MAX_HEADER = 16 * 1024 * 1024;
const OFFSETS = /"data_offsets"\s*:\s*\[\s*\d{1,15}\s*,\s*(\d{1,15})\s*\]/g;

function safetensorsEnd(source: Source, head: Buffer): number | undefined {
  if (head.length < 10 || head[8] !== 0x7b) return undefined;
  const length = Number(head.readBigUInt64LE(0));
  if (length > MAX_HEADER) return undefined;
  let end = 0;
  for (const [, to] of source.read(8, length).toString("latin1").matchAll(OFFSETS))
    end = Math.max(end, Number(to));
  return 8 + length + end;
}
