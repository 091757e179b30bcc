import type { Format } from "../core/detect.js";
import type { Part, Scan } from "../core/scan.js";
import { digestMember } from "./digests.js";
import { readNamed } from "./named.js";
import { examineBytes, examineText } from "./search.js";

/** Formats whose parts are examined one by one, or that are programs themselves. */
const OUTER: ReadonlySet<Format> = new Set([
  "zip",
  "gzip",
  "bzip2",
  "xz",
  "lzma",
  "lz4",
  "zstd",
  "zlib",
  "zfile",
  "7z",
  "rar",
  "tar",
  "elf",
  "pe",
  "macho",
  "image",
  "empty",
]);
const TEXTS: ReadonlySet<Format> = new Set(["json", "xml", "text"]);

/** What a part holds besides what its format makes of it: secrets, programs, commands, and what it says of its licence. */
export function examineContent(scan: Scan, part: Part, detected: Format, format: string): void {
  digestMember(scan, part);
  if (OUTER.has(detected)) return;
  readNamed(scan, part);
  if (TEXTS.has(detected) && !format.includes("pickle")) examineText(scan, part, format);
  else examineBytes(scan, part, format);
}
