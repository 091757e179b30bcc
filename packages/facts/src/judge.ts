import type { Digest, Statement } from "@countersign/evidence";
import type { Entry } from "./fold.js";
import type { OpenCache } from "./open.js";
import { isObjectOf, openEntry } from "./open.js";
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
  const bytes = await source.object(entry.envelope);
  if (bytes === undefined) return { ...(await judgeAbsent(entry, context)), principal };
  if (!isObjectOf(entry.envelope, bytes)) {
    return {
      entry,
      status: "missing",
      reason: "its object was altered: the bytes are not those of its digest",
      principal,
    };
  }
  const opened = cache.once(entry.envelope, entry.signer, () => openEntry(entry, bytes, permission.key));
  if (!opened.ok) return { entry, status: "invalid", reason: opened.reason, principal };
  const revoked = await revocationOf(entry, principal, context);
  if (revoked !== undefined) {
    const reason = `revoked by ${revoked.principal} in entry ${revoked.index}`;
    return { entry, status: "revoked", reason, principal, statement: opened.statement, by: revoked.index };
  }
  return { entry, status: "held", reason: "", principal, statement: opened.statement };
}

// An object may be gone only if a tombstone says so.
async function judgeAbsent(
  entry: Entry,
  context: JudgeContext,
): Promise<Pick<Judged, "entry" | "status" | "reason" | "by">> {
  for (const other of await context.source.chain(entry.envelope)) {
    if (other.predicate !== "tombstone") continue;
    const tombstone = await openOther(other, context);
    if (tombstone !== undefined) {
      return {
        entry,
        status: "erased",
        reason: `erased by the tombstone in entry ${other.index}`,
        by: other.index,
      };
    }
  }
  return { entry, status: "missing", reason: "its object is missing and no tombstone says why" };
}

/**
 * The revocation of `entry` that counts: by its own principal, or by a principal whom the trust root names. It need not
 * be younger than the entry: a revoked envelope that is logged once more stays revoked.
 */
async function revocationOf(
  entry: Entry,
  principal: string,
  context: JudgeContext,
): Promise<{ index: number; principal: string } | undefined> {
  for (const other of await context.source.chain(entry.envelope)) {
    if (other.predicate !== "revocation") continue;
    const by = await openOther(other, context);
    if (by !== undefined && (by === principal || context.trust.mayRevoke(by)))
      return { index: other.index, principal: by };
  }
  return undefined;
}

// A revocation or tombstone whose own object is gone still counts by what its leaf says: a deletion must not undo it.
async function openOther(other: Entry, { source, trust, cache }: JudgeContext): Promise<string | undefined> {
  const permission = trust.permission(other.signer, other.predicate, other.index, other.at);
  if (!permission.ok) return undefined;
  const bytes = await source.object(other.envelope);
  if (bytes === undefined || !isObjectOf(other.envelope, bytes)) {
    return other.predicate === "revocation" ? permission.principal : undefined;
  }
  const opened = cache.once(other.envelope, other.signer, () => openEntry(other, bytes, permission.key));
  return opened.ok ? permission.principal : undefined;
}
