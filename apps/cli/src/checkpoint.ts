import { readFileSync } from "node:fs";
import { CountersignError, fileFault } from "@countersign/evidence";
import { type Checkpoint, parseCheckpoint, parseNote } from "@countersign/log";

/** A checkpoint that the user kept in a file. Whoever keeps it vouches for it; its signature is not asked again. */
export function readCheckpoint(path: string): Checkpoint {
  const note = parseNote(readBytes(path));
  const checkpoint = "text" in note ? parseCheckpoint(note.text) : undefined;
  if (checkpoint) return checkpoint;
  throw new CountersignError("note-malformed", `${path} is no checkpoint`, {
    detail: { remedy: "countersign log checkpoint > FILE   (writes one)" },
  });
}

function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw fileFault(path, cause);
  }
}
