import type { Digest, Envelope, Statement } from "@countersign/evidence";
import { CountersignError, decodeEnvelope, verifyEnvelope } from "@countersign/evidence";
import { subjectsOf, type Trust } from "@countersign/facts";
import { dsseIn } from "./bundle.js";
import type { Record } from "./record.js";

/** Refuses a revocation that would count for nothing: of what is not on record, or by someone who may not. */
export async function checkRevocation(
  record: Record,
  trust: Trust,
  keyId: Digest,
  statement: Statement,
): Promise<void> {
  const revoker = principalOf(trust, keyId);
  for (const target of subjectsOf(statement, record.workspace)) {
    const bytes = await record.objects.get(target);
    if (bytes === undefined) {
      await requireTrace(record, target);
      continue;
    }
    const author = authorOf(bytes, trust);
    if (author === undefined || author === revoker || trust.mayRevoke(revoker)) continue;
    throw new CountersignError(
      "signer-not-allowed",
      `This was not recorded: ${revoker} did not state ${target}, and may not revoke what others stated. \`countersign trust show\` names who may.`,
    );
  }
}

/** What was erased has its tombstone. */
async function requireTrace(record: Record, target: Digest): Promise<void> {
  const chain = await record.chain(target);
  if (chain.some(({ predicate }) => predicate === "tombstone")) return;
  throw new CountersignError(
    "not-found",
    `No statement with the digest ${target} is on record. Run \`countersign log entries\` to see them.`,
  );
}

const principalOf = (trust: Trust, keyId: Digest): string =>
  trust.root.keys.find((key) => key.keyId === keyId)?.principal ?? "";

/** Who signed it; nothing where that cannot be told, because it was altered or its key is not listed. */
function authorOf(bytes: Uint8Array, trust: Trust): string | undefined {
  const envelope = envelopeIn(bytes);
  const keys = trust.root.keys.flatMap(({ keyId }) => trust.publicKey(keyId) ?? []);
  const result = envelope && verifyEnvelope(envelope, keys);
  return result?.ok ? principalOf(trust, result.keyId) : undefined;
}

function envelopeIn(bytes: Uint8Array): Envelope | undefined {
  for (const read of [decodeEnvelope, dsseIn]) {
    try {
      return read(bytes);
    } catch {
      // It is of the other kind, or was altered.
    }
  }
  return undefined;
}
