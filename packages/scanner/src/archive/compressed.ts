import { inside, type Part, type Scan } from "../core/scan.js";
import { isZero, type Source, slice } from "../core/source.js";
import { MemorySpool } from "../core/spill.js";
import { carve } from "../pickle/streams.js";
import { bunzip2 } from "./bzip2.js";
import { gunzip } from "./gzip.js";
import { inflateZlib } from "./inflate.js";
import { unlz4 } from "./lz4.js";
import { unlzma } from "./lzma.js";
import { collect, reportUnpacked, type Unpacked, type Unpacker, unpack } from "./unpack.js";
import { unxz } from "./xz.js";
import { unzstd } from "./zstd.js";

/** Up to joblib 0.8.4 the header was a space longer. */
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

/** Tries the first `most` bytes of a stream, for at most as many bytes. */
export function unpackHead(source: Source, kind: Compression, most: number): Unpacked {
  const head = slice(source, 0, most);
  return collect(new MemorySpool(most), (out) => UNPACKERS[kind](head, out), most);
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
