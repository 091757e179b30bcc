import type { Source } from "../core/source.js";
import { slice } from "../core/source.js";
import { bunzip2 } from "./bzip2.js";
import { inflate64 } from "./deflate.js";
import { inflate } from "./inflate.js";
import { decodeLzma, lzmaProperties } from "./lzma.js";
import type { Output } from "./output.js";
import type { Unpacker } from "./unpack.js";
import { unxz } from "./xz.js";
import type { Entry } from "./zip.js";
import { unzstd } from "./zstd.js";

const CHUNK = 1024 * 1024;

/** How a zip member is unpacked, by its method (APPNOTE 4.4.5); undefined for methods that are not known here. */
export function memberUnpacker(entry: Entry): Unpacker | undefined {
  if (entry.method === 14) return (packed, out) => zipLzma(packed, out, entry);
  return METHODS[entry.method];
}

const METHODS: Readonly<Record<number, Unpacker>> = {
  0: copy,
  8: inflate,
  9: inflate64,
  12: bunzip2,
  // 20 is what zstd was before 93.
  20: unzstd,
  93: unzstd,
  95: unxz,
};

export function copy(packed: Source, out: Output): number {
  for (let at = 0; at < packed.size; at += CHUNK) out.emit(packed.read(at, CHUNK));
  return packed.size;
}

/** APPNOTE 5.8.8: two bytes of version, two of property length, then the properties. Flag 2: there is an end marker. */
function zipLzma(packed: Source, out: Output, entry: Entry): number {
  const head = packed.read(0, 4);
  if (head.length < 4) throw new Error("truncated");
  const length = head.readUInt16LE(2);
  const properties = lzmaProperties(packed.read(4, length));
  if (!properties) throw new Error("bad LZMA properties");
  const start = 4 + length;
  const size = entry.flags & 2 ? Number.POSITIVE_INFINITY : entry.size;
  return start + decodeLzma(slice(packed, start, packed.size), out, properties, size);
}
