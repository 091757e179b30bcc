import { mkdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileFault, removeLeftover } from "@countersign/evidence";

/** Writes a file whole or not at all: a full disk leaves what was there before, and nothing beside it. */
export function writeWhole(path: string, bytes: Uint8Array | string): void {
  // A terminal or a pipe is written to; what is moved onto its name would replace it.
  const special = isSpecial(path);
  const partial = special ? path : `${path}.${process.pid}.partial`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(partial, bytes, { flush: !special });
    if (!special) renameSync(partial, path);
  } catch (cause) {
    if (!special) removeLeftover(partial);
    throw fileFault(path, cause);
  }
}

function isSpecial(path: string): boolean {
  try {
    return !statSync(path).isFile();
  } catch {
    return false;
  }
}
