import { inside, type Part, type Scan } from "../core/scan.js";
import { isZero, type Source, slice } from "../core/source.js";
import { MemorySpool } from "../core/spill.js";
import { carve, probe } from "../pickle/streams.js";
import { bunzip2 } from "./bzip2.js";
import { gunzip } from "./gzip.js";
import { inflateZlib } from "./inflate.js";
import { unlz4 } from "./lz4.js";
import { unlzma } from "./lzma.js";
import { collect, reportUnpacked, type Unpacker, unpack } from "./unpack.js";
import { unxz } from "./xz.js";
import { unzstd } from "./zstd.js";

/** joblib before 0.10: "ZF", the size in hexadecimal in 19 characters, a zlib stream; up to 0.8.4 a space more. */
const ZFILE_HEADER = 21;

const unzfile: Unpacker = (packed, out) => {
  const wider = packed.read(ZFILE_HEADER, 1)[0] === 0x20;
  return inflateZlib(packed, out, ZFILE_HEADER + (wider ? 1 : 0));
};

const LZMA_PROPERTIES = 5;

/** Python's `lzma` reads one stream after another. */
const unlzmaStreams: Unpacker = (packed, out) => {
  const properties = packed.read(0, LZMA_PROPERTIES);
  let at = unlzma(packed, out);
  while (at < packed.size && packed.read(at, LZMA_PROPERTIES).equals(properties)) {
    at += unlzma(slice(packed, at, packed.size - at), out);
  }
  return at;
};

export type Compression = "zfile" | "gzip" | "bzip2" | "xz" | "lzma" | "lz4" | "zstd" | "zlib";

const UNPACKERS: Record<Compression, Unpacker> = {
  gzip: gunzip,
  bzip2: bunzip2,
  xz: unxz,
  lzma: unlzmaStreams,
  lz4: unlz4,
  zstd: unzstd,
  zlib: inflateZlib,
  zfile: unzfile,
};

const SUFFIX = /\.(gz|gzip|bz2|xz|lzma|lz4|zst|zstd|z|tgz)$/i;
const PROBE = 4096;

/** A bzip2 file's first block or, in an empty one, its end: a block is too large to try. */
const BZIP2_NEXT: readonly string[] = ["314159265359", "177245385090"];

/**
 * Formats with weak magic numbers count only if something unpacks. What breaks at once counts only if it began a pickle:
 * arrays of numbers often look like LZMA for a few bytes, and a loader that streams runs what comes before the break.
 */
export function unpacks(source: Source, kind: Compression): boolean {
  if (kind === "bzip2") return BZIP2_NEXT.includes(source.read(4, 6).toString("hex"));
  const head = slice(source, 0, PROBE);
  const unpacked = collect(new MemorySpool(PROBE), (out) => UNPACKERS[kind](head, out), PROBE);
  if (unpacked.source.size === 0) return false;
  if (kind !== "lzma" || unpacked.error === undefined || unpacked.cut !== undefined) return true;
  const { acceptable, calls, dangerous } = probe(unpacked.source, 0);
  return unpacked.error === "truncated" || acceptable || calls || dangerous;
}

/** Unpacks a single compressed stream (joblib writes models so) and examines what comes out. */
export function scanCompressed(scan: Scan, part: Part, kind: Compression): string {
  const unpacked = unpack(scan, part.source.size, (out) => UNPACKERS[kind](part.source, out));
  reportUnpacked(scan, part, part.source.size, unpacked);
  const name = part.name.replace(SUFFIX, "") || part.name;
  const format = scan.examine(inside(part, name, unpacked.source));
  if (unpacked.cut === undefined && unpacked.error === undefined) examineRest(scan, part, unpacked.consumed);
  return `${kind}+${format}`;
}

function examineRest(scan: Scan, part: Part, from: number): void {
  const rest: Source = slice(part.source, from, part.source.size - from);
  if (isZero(rest, 0, rest.size)) return;
  scan.report("trailing-data", part, `${rest.size} bytes follow the compressed stream.`, { offset: from });
  carve(scan, part, from, part.source.size);
}
