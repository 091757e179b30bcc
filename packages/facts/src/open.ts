import type { Digest, PublicKey, Statement } from "@countersign/evidence";
import { CountersignError, decodeEnvelope, parseJson, sha256, verifyEnvelope } from "@countersign/evidence";
import type { Entry } from "./fold.js";
import { outcomeOf, predicateOf, subjectsOf } from "./predicate.js";
import { shapeError } from "./statements.js";

export type Opened = { ok: true; statement: Statement } | { ok: false; reason: string };

/** Remembers what was opened: an object never changes under its digest, nor a signature under its key. */
export class OpenCache {
  #seen = new Map<string, Opened>();
  readonly #limit: number;

  constructor(limit = 20_000) {
    this.#limit = limit;
  }

  once(envelope: Digest, signer: Digest, open: () => Opened): Opened {
    const key = `${envelope} ${signer}`;
    const known = this.#seen.get(key);
    if (known !== undefined) return known;
    if (this.#seen.size >= this.#limit) this.#seen.clear();
    const opened = open();
    this.#seen.set(key, opened);
    return opened;
  }
}

/** Verifies the object of an entry with the one key that its leaf names and holds the statement against the leaf. */
export function openEntry(entry: Entry, bytes: Uint8Array, key: PublicKey): Opened {
  try {
    const envelope = entry.predicate === "signature" ? dsseOfBundle(bytes) : decodeEnvelope(bytes);
    const verified = verifyEnvelope(envelope, [key]);
    if (!verified.ok) return { ok: false, reason: verified.reason };
    const wrong = leafError(entry, verified.statement) ?? shapeError(verified.statement);
    return wrong === undefined ? { ok: true, statement: verified.statement } : { ok: false, reason: wrong };
  } catch (error) {
    if (error instanceof CountersignError) return { ok: false, reason: error.message };
    throw error;
  }
}

// An OMS signature is a Sigstore bundle around the DSSE envelope.
function dsseOfBundle(bytes: Uint8Array): ReturnType<typeof decodeEnvelope> {
  const { dsseEnvelope } = parseJson(bytes) as { dsseEnvelope?: unknown };
  return decodeEnvelope(new TextEncoder().encode(JSON.stringify(dsseEnvelope ?? null)));
}

function leafError(entry: Entry, statement: Statement): string | undefined {
  if (predicateOf(statement.predicateType) !== entry.predicate)
    return "the statement is of another kind than its entry";
  if (outcomeOf(statement) !== entry.outcome) return "the statement's outcome is not that of its entry";
  if (entry.predicate === "signature") return undefined;
  const subjects = subjectsOf(statement, entry.workspace);
  const same =
    subjects.length === entry.subjects.length &&
    subjects.every((subject, at) => subject === entry.subjects[at]);
  return same ? undefined : "the statement's subjects are not those of its entry";
}

/** Whether bytes are the object that a digest names. */
export const isObjectOf = (digest: Digest, bytes: Uint8Array): boolean => sha256(bytes) === digest;
