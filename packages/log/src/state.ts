import type { Signer } from "@countersign/evidence";
import { parseDecimal } from "./bytes.js";
import { fault } from "./faults.js";
import { primitives } from "./hash.js";
import type { IndexFile } from "./index-file.js";
import { signNote } from "./keys.js";
import { openNote, type VerifierKey } from "./note.js";

/**
 * What a log remembers about its own newest checkpoint and does not publish: C2SP checkpoints carry no time. It is a signed note
 * whose text can be no checkpoint, as its second line is no number.
 */
export interface LogState {
  readonly size: number;
  readonly time: number;
  /** The newest copy of the index of leaf hashes. */
  readonly index?: IndexFile | undefined;
}

export const STATE_PATH = "state";
const HEADER = "countersign.dev/log-state/v1";

export function signState(state: LogState, key: VerifierKey, signer: Signer): Promise<Uint8Array> {
  const { size, time, index } = state;
  const lines = [HEADER, key.name, size, time, ...(index ? [index.size, index.digest] : [])];
  return signNote(`${lines.join("\n")}\n`, key, signer, "log-state");
}

export async function openState(bytes: Uint8Array, key: VerifierKey): Promise<LogState> {
  const opened = await openNote(bytes, [key], primitives);
  const lines = opened.ok ? opened.note.text.split("\n") : [];
  const [header, origin] = lines;
  const [size, time, indexed] = [parseDecimal(lines[2]), parseDecimal(lines[3]), parseDecimal(lines[4])];
  if (header !== HEADER || origin !== key.name || size === undefined || time === undefined) {
    throw fault("log-tampered", "the log's own state is damaged", { path: STATE_PATH });
  }
  const digest = lines[5];
  return { size, time, index: indexed !== undefined && digest ? { size: indexed, digest } : undefined };
}
