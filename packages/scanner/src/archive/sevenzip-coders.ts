import type { Source } from "../core/source.js";
import { undoBcj2 } from "./bcj2.js";
import type { Branch } from "./branches.js";
import { bunzip2 } from "./bzip2.js";
import { inflate64 } from "./deflate.js";
import { type Filter, throughFilters } from "./filters.js";
import { inflate } from "./inflate.js";
import { unlz4 } from "./lz4.js";
import { decodeLzma, lzmaProperties } from "./lzma.js";
import { decodeLzma2, lzma2Dictionary } from "./lzma2.js";
import { copy } from "./methods.js";
import type { Output } from "./output.js";
import type { Coder } from "./sevenzip-header.js";
import type { Unpacker } from "./unpack.js";
import { unzstd } from "./zstd.js";

export type Joiner = (inputs: readonly Source[], out: Output) => number;

/** Coders of 7-Zip (DOC/Methods.txt), of py7zr and of the fork with zstd. */
const PLAIN: Readonly<Record<string, Unpacker>> = {
  "00": copy,
  "040108": inflate,
  "040109": inflate64,
  "040202": bunzip2,
  "04f71101": unzstd,
  "04f71104": unlz4,
};

const BRANCHES: Readonly<Record<string, Branch>> = {
  "03030103": "x86",
  "03030205": "ppc",
  "03030501": "arm",
  "03030701": "armt",
  "03030805": "sparc",
  "04": "x86",
  "05": "ppc",
  "07": "arm",
  "08": "armt",
  "09": "sparc",
  "0a": "arm64",
};

const BCJ2 = "0303011b";

/** How a coder makes `size` bytes out of its inputs; undefined for coders that are not known here. */
export function coderOf({ method, properties, inputs }: Coder, size: number): Joiner | undefined {
  if (method === BCJ2) return inputs === 4 ? (sources, out) => undoBcj2(sources, out, size) : undefined;
  const unpacker = inputs === 1 ? unpackerOf(method, properties, size) : undefined;
  return unpacker && (([source], out) => (source ? unpacker(source, out) : 0));
}

function unpackerOf(method: string, properties: Buffer, size: number): Unpacker | undefined {
  const branch = BRANCHES[method];
  if (branch) return filter({ kind: branch });
  if (method === "03") return filter({ kind: "delta", distance: (properties[0] ?? 0) + 1 });
  if (method === "21") return (packed, out) => decodeLzma2(packed, out, lzma2Dictionary(properties[0] ?? 0));
  if (method !== "030101") return PLAIN[method];
  const stated = lzmaProperties(properties);
  return stated && ((packed, out) => decodeLzma(packed, out, stated, size));
}

function filter(undone: Filter): Unpacker {
  return (packed, out) => throughFilters([undone], out, (target) => copy(packed, target));
}
