import type { Digest, PublicKey, Statement } from "@countersign/evidence";
import { CountersignError, decodeEnvelope, sha256, verifyEnvelope } from "@countersign/evidence";
import type { ChainRow } from "./fold.js";
import { decodeLeaf } from "./leaf.js";
import { parseTrustRoot, Trust } from "./trust.js";

export interface RootPin {
  /** The key that signs version 1; pinned outside the log. */
  key: PublicKey;
  workspace: string;
}

/**
 * Walks the trust roots of a workspace in log order and returns the one in force. A version counts if a root key of
 * the version before it signed it (the pinned key for the first) and it names that version; anything else in the log
 * is passed over, so that whoever can append cannot take over.
 */
export async function trustInForce(
  rows: readonly ChainRow[],
  pin: RootPin,
  object: (digest: Digest) => Promise<Uint8Array | undefined>,
): Promise<Trust> {
  let trust: Trust | undefined;
  for (const { index, raw } of rows) {
    const { envelope } = decodeLeaf(raw);
    const bytes = await object(envelope);
    if (bytes === undefined || sha256(bytes) !== envelope) {
      throw new CountersignError("object-missing", `The trust root of entry ${index} is missing or altered.`);
    }
    trust = acceptRoot(bytes, { envelope, index }, pin, trust) ?? trust;
  }
  if (trust === undefined) {
    throw new CountersignError(
      "trust-root-invalid",
      "The log holds no trust root that the pinned key signed.",
    );
  }
  return trust;
}

/** The next trust root if `bytes` may follow `before`; otherwise undefined. */
export function acceptRoot(
  bytes: Uint8Array,
  at: { envelope: Digest; index: number },
  pin: RootPin,
  before: Trust | undefined,
): Trust | undefined {
  const keys = before === undefined ? [pin.key] : rootKeysOf(before, at.index);
  try {
    const opened = verifyEnvelope(decodeEnvelope(bytes), keys);
    if (!opened.ok) return undefined;
    const root = parseTrustRoot(opened.statement as Statement);
    const follows =
      root.version === (before?.root.version ?? 0) + 1 && root.previous === (before?.digest ?? null);
    return follows && root.workspace === pin.workspace ? new Trust(root, at.envelope, at.index) : undefined;
  } catch (error) {
    if (error instanceof CountersignError) return undefined;
    throw error;
  }
}

function rootKeysOf(trust: Trust, index: number): PublicKey[] {
  return trust.root.rootKeys.flatMap((keyId) => {
    const key = trust.publicKey(keyId);
    return key === undefined || trust.isCompromised(keyId, index) ? [] : [key];
  });
}
