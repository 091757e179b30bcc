import type { Signer } from "@countersign/evidence";
import { decodeUtf8, parseDecimal } from "./bytes.js";
import { fault } from "./faults.js";
import { primitives } from "./hash.js";
import { signNote } from "./keys.js";
import { openNote, type VerifierKey } from "./note.js";

/**
 * What a log remembers about its own newest checkpoint and does not publish: C2SP checkpoints carry no time. It is a signed note
 * whose text can be no checkpoint, as its second line is no number.
 */
export interface LogState {
  readonly size: number;
  readonly time: number;
}

export const STATE_PATH = "state";
const HEADER = "countersign.dev/log-state/v1";

export function signState(state: LogState, key: VerifierKey, signer: Signer): Promise<Uint8Array> {
  return signNote(`${HEADER}\n${key.name}\n${state.size}\n${state.time}\n`, key, signer, "log-state");
}

export async function openState(bytes: Uint8Array, key: VerifierKey): Promise<LogState> {
  const opened = await openNote(bytes, [key], primitives);
  const [header, origin, size, time] = opened.ok ? opened.note.text.split("\n") : [];
  const state = { size: parseDecimal(size), time: parseDecimal(time) };
  if (header !== HEADER || origin !== key.name || state.size === undefined || state.time === undefined) {
    throw fault("log-tampered", `the log's own state is damaged: ${decodeUtf8(bytes.subarray(0, 60)) ?? ""}`);
  }
  return { size: state.size, time: state.time };
}
