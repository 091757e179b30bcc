import type { Digest, Envelope, PublicKey, Statement } from "@countersign/evidence";
import {
  CountersignError,
  decodeBase64,
  decodeEnvelope,
  pae,
  parseJson,
  sha256,
  verifyEnvelope,
} from "@countersign/evidence";
import type { Entry } from "./fold.js";
import { leafHash } from "./fold.js";
import { outcomeOf, predicateOf, subjectsOf } from "./predicate.js";
import { shapeError } from "./statements.js";

/** `said` names what was signed, whatever it was wrapped in: see `saidIn`. */
export type Opened = { ok: true; statement: Statement; said: Digest } | { ok: false; reason: string };

/** Remembers what was opened, per leaf: the same object under another leaf is another claim. */
export class OpenCache {
  #seen = new Map<string, Opened>();
  readonly #limit: number;

  constructor(limit = 20_000) {
    this.#limit = limit;
  }

  once(entry: Entry, open: () => Opened): Opened {
    const key = leafHash(entry.raw).toString("base64");
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
    const envelope = dsseIn(entry, bytes);
    const verified = verifyEnvelope(envelope, [key]);
    if (!verified.ok) return { ok: false, reason: verified.reason };
    const wrong = leafError(entry, verified.statement) ?? shapeError(verified.statement);
    if (wrong !== undefined) return { ok: false, reason: wrong };
    return { ok: true, statement: verified.statement, said: saidIn(envelope) };
  } catch (error) {
    if (error instanceof CountersignError) return { ok: false, reason: error.message };
    throw error;
  }
}

/**
 * The digest of the bytes that a signature covers. Key hints, further signatures, the spelling of base64 and of JSON, and one
 * half of every ECDSA signature can be changed by anyone; this cannot. Two envelopes with one `said` by one signer are
 * one statement.
 */
function saidIn({ payloadType, payload }: Envelope): Digest {
  return sha256(pae(payloadType, decodeBase64(payload) ?? new Uint8Array()));
}

/** What an entry's object says, as `saidIn`, whether or not its signature holds. */
export const saidBy = (entry: Entry, bytes: Uint8Array): Digest => saidIn(dsseIn(entry, bytes));

// An OMS signature is a Sigstore bundle around the DSSE envelope.
function dsseIn(entry: Entry, bytes: Uint8Array): Envelope {
  if (entry.predicate !== "signature") return decodeEnvelope(bytes);
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
