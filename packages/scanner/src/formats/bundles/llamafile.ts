import type { Part, Scan } from "../../core/scan.js";
import type { Source } from "../../core/source.js";
import { scanZip } from "./zip.js";

/** An "actually portable executable" (Cosmopolitan) begins so, whatever systems it is made for. */
export function isPortableProgram(head: Buffer): boolean {
  return /^(MZqFpD='|jartsr=')/.test(head.toString("latin1", 0, 8));
}

/** llamafile: a program for every system with a zip file behind it that holds the weights. */
export function scanLlamafile(scan: Scan, part: Part): string {
  const rule = part.depth === 0 ? "native-library" : "embedded-executable";
  scan.report(rule, part, "The file is a program that carries its model.", { offset: 0 });
  if (hasZip(part.source)) scanZip(scan, { ...part, follows: true });
  return "llamafile";
}

function hasZip(source: Source): boolean {
  return source.read(Math.max(0, source.size - 66_000), 66_000).includes("PK\x05\x06", 0, "latin1");
}
