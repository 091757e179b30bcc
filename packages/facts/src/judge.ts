import type { Digest, Statement } from "@countersign/evidence";
import type { Entry } from "./fold.js";
import type { OpenCache } from "./open.js";
import { isObjectOf, openEntry } from "./open.js";
import type { TombstonePredicate } from "./statements.js";
import type { Trust } from "./trust.js";

/** Where evidence is read from. `chain` answers only with entries that agree with the fold, or throws. */
export interface FactSource {
  object(digest: Digest): Promise<Uint8Array | undefined>;
  chain(subject: Digest): Promise<Entry[]>;
}

export type Status =
  | "held"
  | "superseded"
  | "revoked"
  | "expired"
  | "erased"
  | "not-allowed"
  | "compromised"
  | "invalid"
  | "missing";

/** An entry, what it says, and whether it holds. */
export interface Judged {
  entry: Entry;
  status: Status;
  /** A sentence; "" while held. */
  reason: string;
  principal: string;
  statement?: Statement;
  /** What was signed, whatever it is wrapped in. */
  said?: Digest;
  /** Index of the entry that superseded, revoked or erased it. */
  by?: number;
}

export interface JudgeContext {
  source: FactSource;
  trust: Trust;
  cache: OpenCache;
}

/**
 * Judges one entry by itself: may its signer say this, is its object there, does it verify, was it revoked?
 * What depends on its neighbours (supersession) or on time comes after.
 */
export async function judgeEntry(entry: Entry, context: JudgeContext): Promise<Judged> {
  const { source, trust, cache } = context;
  const permission = trust.permission(entry.signer, entry.predicate, entry.index, entry.at);
  const principal = trust.principalOf(entry.signer);
  if (!permission.ok) return { entry, status: permission.code, reason: permission.reason, principal };
  const about = await source.chain(entry.envelope);
  // First of all: an object that comes back after it was erased does not count again.
  const erased = await tombstoneOf(about, context);
  if (erased !== undefined) return { entry, principal, status: "erased", ...erased };
  const bytes = await source.object(entry.envelope);
  const missing = bytes === undefined ? GONE : isObjectOf(entry.envelope, bytes) ? undefined : ALTERED;
  if (bytes === undefined || missing !== undefined) {
    return { entry, principal, status: "missing", reason: missing ?? GONE };
  }
  const opened = cache.once(entry, () => openEntry(entry, bytes, permission.key));
  if (!opened.ok) return { entry, status: "invalid", reason: opened.reason, principal };
  const { statement, said } = opened;
  const revoked = await revocationOf(about, principal, context);
  if (revoked === undefined) return { entry, status: "held", reason: "", principal, statement, said };
  const reason = `revoked by ${revoked.principal} in entry ${revoked.index}`;
  return { entry, status: "revoked", reason, principal, statement, said, by: revoked.index };
}

const GONE = "its object is missing and no tombstone says why";
const ALTERED = "its object was altered: the bytes are not those of its digest";

async function tombstoneOf(
  about: readonly Entry[],
  context: JudgeContext,
): Promise<Pick<Judged, "reason" | "by" | "said"> | undefined> {
  for (const other of about) {
    if (other.predicate !== "tombstone") continue;
    const tombstone = await openOther(other, context);
    if (tombstone?.statement === undefined) continue;
    const { statement: said } = tombstone.statement.predicate as TombstonePredicate;
    const reason = `erased by the tombstone in entry ${other.index}`;
    return { reason, by: other.index, ...(said === undefined ? {} : { said }) };
  }
  return undefined;
}

/** The revocation that counts: by the entry's own principal, or by a principal whom the trust root names. */
async function revocationOf(
  about: readonly Entry[],
  principal: string,
  context: JudgeContext,
): Promise<{ index: number; principal: string } | undefined> {
  for (const other of about) {
    if (other.predicate !== "revocation") continue;
    const by = (await openOther(other, context))?.principal;
    if (by !== undefined && (by === principal || context.trust.mayRevoke(by))) {
      return { index: other.index, principal: by };
    }
  }
  return undefined;
}

// A revocation whose own object is gone still counts by what its leaf says: a deletion must not undo it.
async function openOther(
  other: Entry,
  { source, trust, cache }: JudgeContext,
): Promise<{ principal: string; statement?: Statement } | undefined> {
  const permission = trust.permission(other.signer, other.predicate, other.index, other.at);
  if (!permission.ok) return undefined;
  const { principal, key } = permission;
  const bytes = await source.object(other.envelope);
  if (bytes === undefined || !isObjectOf(other.envelope, bytes)) {
    return other.predicate === "revocation" ? { principal } : undefined;
  }
  const opened = cache.once(other, () => openEntry(other, bytes, key));
  return opened.ok ? { principal, statement: opened.statement } : undefined;
}
