import { decodeBase64, encodeBase64, parseDecimal } from "./bytes.js";
import { HASH_SIZE } from "./merkle.js";
import {
  ED25519,
  openNote,
  type Primitives,
  type Refused,
  refused,
  type VerifiedSignature,
  type VerifierKey,
} from "./note.js";

/** What a log states about itself (C2SP tlog-checkpoint). */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
}

export interface OpenCheckpoint {
  ok: true;
  checkpoint: Checkpoint;
  /** The signed text, which cosignatures are made over. */
  text: string;
  signatures: VerifiedSignature[];
}

export function formatCheckpoint(checkpoint: Checkpoint): string {
  return `${checkpoint.origin}\n${checkpoint.size}\n${encodeBase64(checkpoint.root)}\n`;
}

/** Reads a note's text. Extension lines may follow and mean nothing to us. */
export function parseCheckpoint(text: string): Checkpoint | undefined {
  if (!text.endsWith("\n")) return undefined;
  const [origin, digits, encoded, ...extensions] = text.slice(0, -1).split("\n");
  const size = parseDecimal(digits);
  const root = decodeBase64(encoded ?? "");
  if (!origin || size === undefined || root?.length !== HASH_SIZE || extensions.includes(""))
    return undefined;
  return { origin, size, root };
}

/** Opens a checkpoint that must be of `origin` and signed by one of the log's keys; witnesses' keys may be among `keys`. */
export async function openCheckpoint(
  bytes: Uint8Array,
  origin: string,
  keys: readonly VerifierKey[],
  primitives: Primitives,
): Promise<OpenCheckpoint | Refused> {
  const opened = await openNote(bytes, keys, primitives);
  if (!opened.ok) return opened;
  const { text } = opened.note;
  const checkpoint = parseCheckpoint(text);
  if (!checkpoint) return refused("note-malformed", "the note is not a checkpoint");
  if (checkpoint.origin !== origin) {
    return refused("key-unknown", `the checkpoint is of the log ${checkpoint.origin}, not of ${origin}`);
  }
  if (!opened.signatures.some(({ key }) => key.type === ED25519)) {
    return refused("key-unknown", "the log itself did not sign this checkpoint");
  }
  return { ok: true, checkpoint, text, signatures: opened.signatures };
}
