import { mkdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileFault } from "@countersign/evidence";

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
    if (!special) remove(partial);
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

function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It was never there; why it could not be made is what counts.
  }
}
