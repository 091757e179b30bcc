import { inside, type Part, type Scan } from "../core/scan.js";
import { bytesSource, isZero, type Source, slice } from "../core/source.js";
import { carve } from "../pickle/streams.js";
import { bunzip2 } from "./bzip2.js";
import { gunzip } from "./gzip.js";
import { inflate, type Unpacked } from "./inflate.js";
import { unlz4 } from "./lz4.js";
import { unlzma } from "./lzma.js";
import { unxz } from "./xz.js";
import { unzstd } from "./zstd.js";

/** joblib before 0.10: "ZF", the size in hexadecimal in 19 characters, a zlib stream. */
const ZFILE_HEADER = 21;

export type Compression = "zfile" | "gzip" | "bzip2" | "xz" | "lzma" | "lz4" | "zstd" | "zlib";

const UNPACKERS: Record<Compression, (packed: Buffer, limit: number) => Unpacked> = {
  gzip: gunzip,
  bzip2: bunzip2,
  xz: unxz,
  lzma: unlzma,
  lz4: unlz4,
  zstd: unzstd,
  zlib: (packed, limit) => inflate(packed, limit, "zlib"),
  zfile: (packed, limit) => {
    const unpacked = inflate(packed.subarray(ZFILE_HEADER), limit, "zlib");
    return { ...unpacked, consumed: unpacked.consumed + ZFILE_HEADER };
  },
};

const SUFFIX = /\.(gz|gzip|bz2|xz|lzma|lz4|zst|zstd|z|tgz)$/i;
const MAX_PACKED = 512 * 1024 * 1024;

const PROBE = 4096;

/** Formats with weak magic numbers count only if something unpacks. */
export function unpacks(source: Source, kind: Compression): boolean {
  return UNPACKERS[kind](source.read(0, PROBE), PROBE).bytes.length > 0;
}

/** Unpacks a single compressed stream (joblib writes models so) and examines what comes out. */
export function scanCompressed(scan: Scan, part: Part, kind: Compression): string {
  const { limits } = scan.budget;
  if (part.source.size > MAX_PACKED) {
    scan.report("limit-reached", part, "The compressed stream is too large to unpack.", { cause: "packed" });
    return kind;
  }
  const packed = part.source.read(0, part.source.size);
  // A stream that promises more than any model is unpacked only as far as it takes to see the promise kept.
  const allowed = Math.min(scan.budget.room, Math.max(limits.bombBytes, packed.length * limits.ratio));
  const unpacked = UNPACKERS[kind](packed, allowed);
  scan.budget.unpack(unpacked.bytes.length);
  reportUnpacked(scan, part, unpacked, packed.length);
  const name = part.name.replace(SUFFIX, "") || part.name;
  const format = scan.examine(inside(part, name, bytesSource(unpacked.bytes)));
  if (unpacked.consumed < packed.length && unpacked.error === undefined)
    examineRest(scan, part, unpacked.consumed);
  return `${kind}+${format}`;
}

function reportUnpacked(scan: Scan, part: Part, unpacked: Unpacked, packed: number): void {
  if (unpacked.cut) {
    const ratio = unpacked.bytes.length / Math.max(1, packed);
    if (ratio >= scan.budget.limits.ratio * 0.9) {
      scan.report(
        "archive-bomb",
        part,
        `${packed} bytes unpack to more than ${unpacked.bytes.length} bytes.`,
      );
    }
    scan.report("limit-reached", part, "Only the beginning of the unpacked bytes was examined.", {
      cause: "size",
    });
  } else if (unpacked.error !== undefined) {
    scan.budget.broken();
    scan.report("archive-broken", part, `The stream cannot be unpacked to its end: ${unpacked.error}.`);
  }
}

function examineRest(scan: Scan, part: Part, from: number): void {
  const rest: Source = slice(part.source, from, part.source.size - from);
  if (isZero(rest, 0, rest.size)) return;
  scan.report("trailing-data", part, `${rest.size} bytes follow the compressed stream.`, { offset: from });
  carve(scan, part, from, part.source.size);
}
