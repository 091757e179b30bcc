import type { Source } from "../core/source.js";
import { bunzip2 } from "./bzip2.js";
import { inflate, type Unpacked } from "./inflate.js";
import { decodeLzma, lzmaProperties } from "./lzma.js";
import { unxz } from "./xz.js";
import type { Entry } from "./zip.js";
import { unzstd } from "./zstd.js";

const MAX_PACKED = 512 * 1024 * 1024;

/** Unpacks a zip member by its method (APPNOTE 4.4.5); undefined for methods that are not known here. */
export function unpackMember(entry: Entry, packed: Source, limit: number): Unpacked | undefined {
  if (packed.size > MAX_PACKED) return { bytes: Buffer.alloc(0), consumed: 0, cut: true };
  const bytes = packed.read(0, packed.size);
  switch (entry.method) {
    case 0:
      return { bytes: bytes.subarray(0, limit), consumed: bytes.length, cut: bytes.length > limit };
    case 8:
      return inflate(bytes, limit);
    case 12:
      return bunzip2(bytes, limit);
    case 14:
      return zipLzma(bytes, entry.size, limit);
    case 93:
      return unzstd(bytes, limit);
    case 95:
      return unxz(bytes, limit);
    default:
      return undefined;
  }
}

/** APPNOTE 5.8.8: two bytes of version, two of property length, then the properties. */
function zipLzma(bytes: Buffer, size: number, limit: number): Unpacked {
  if (bytes.length < 9) return { bytes: Buffer.alloc(0), consumed: 0, cut: false, error: "truncated" };
  const length = bytes.readUInt16LE(2);
  const properties = lzmaProperties(bytes.subarray(4, 4 + length));
  if (!properties) return { bytes: Buffer.alloc(0), consumed: 0, cut: false, error: "bad LZMA properties" };
  return decodeLzma(bytes.subarray(4 + length), properties, Math.min(size, limit), limit);
}
