import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileFault } from "@countersign/evidence";
import type { Session } from "../session.js";

/** Reads a file that the user named; a fault names it as the user did. */
export function readBytes(session: Session, file: string): Uint8Array {
  try {
    return readFileSync(resolve(session.io.cwd, file));
  } catch (cause) {
    throw fileFault(file, cause);
  }
}

export function readText(session: Session, file: string): string {
  return new TextDecoder().decode(readBytes(session, file));
}
