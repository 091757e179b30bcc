import type { Digest, Envelope, Manifest, PublicKey, Signer, Statement } from "@countersign/evidence";
import {
  CountersignError,
  encodeEnvelope,
  makeStatement,
  omsStatementMatches,
  sha256,
  verifyEnvelope,
} from "@countersign/evidence";
import type { Entry, Predicate, RootPin, Trust } from "@countersign/facts";
import {
  acceptRoot,
  outcomeOf,
  PREDICATE_TYPES,
  predicateOf,
  saidBy,
  shapeError,
  subjectsOf,
} from "@countersign/facts";
import { signatureItem, subjectOf } from "./admit.js";
import { dsseIn } from "./bundle.js";
import type { Gatekeeper } from "./gatekeeper.js";
import type { Item, Record } from "./record.js";
import { checkRevocation } from "./revocation.js";

interface Parts {
  record: Record;
  gatekeeper: Gatekeeper;
  pin: RootPin;
}

/** Puts an attestation that somebody else signed on the record, if the trust root lets the signer say it. */
export async function submit(parts: Parts, envelope: Envelope): Promise<Entry> {
  const { record, gatekeeper } = parts;
  const bytes = encodeEnvelope(envelope);
  const trust = await gatekeeper.trust();
  const { statement, key } = verified(envelope, trust);
  const predicate = predicateOf(statement.predicateType);
  if (predicate === "trust-root") return submitTrustRoot(parts, bytes, statement, key.keyId);
  if (INSIDE.includes(predicate)) {
    throw new CountersignError(
      "forbidden",
      `A ${predicate} is made by the gate itself and not taken from outside.`,
    );
  }
  checkStatable(record, trust, key.keyId, statement);
  if (predicate === "revocation") await checkRevocation(record, trust, key.keyId, statement);
  const subjects = subjectsOf(statement, record.workspace);
  if (subjects.length === 0)
    throw new CountersignError("statement-malformed", "The statement names no SHA-256 subject.");
  return writeOnce(record, { bytes, predicate, outcome: outcomeOf(statement), signer: key.keyId, subjects });
}

/** Refuses what would be recorded and then count for nothing. */
export function checkStatable(record: Record, trust: Trust, keyId: Digest, statement: Statement): void {
  checkPermission(record, trust, keyId, predicateOf(statement.predicateType));
  const wrong = shapeError(statement);
  if (wrong !== undefined)
    throw new CountersignError("statement-malformed", `This cannot be recorded: ${wrong}.`);
}

/** Records an OMS bundle for the artifact whose manifest lists exactly the files that it signs. */
export async function submitSignature(parts: Parts, bundle: Uint8Array, artifact: Digest): Promise<Entry> {
  const { record, gatekeeper } = parts;
  const trust = await gatekeeper.trust();
  const { statement, key } = verified(dsseIn(bundle), trust);
  if (predicateOf(statement.predicateType) !== "signature") {
    throw new CountersignError("predicate-unexpected", "This bundle is no model signature.");
  }
  checkPermission(record, trust, key.keyId, "signature");
  const { manifest } = await gatekeeper.hold(artifact);
  if (manifest === undefined) {
    throw new CountersignError(
      "not-found",
      `No manifest of ${artifact} is on record. Run \`countersign admit\` first.`,
    );
  }
  requireMatch(statement, manifest);
  return writeOnce(record, signatureItem(bundle, artifact, key.keyId));
}

/** A revocation names an envelope, never an artifact. */
export const revocationStatement = (envelope: Digest, reason: string): Statement =>
  makeStatement([subjectOf(envelope)], PREDICATE_TYPES.revocation, { reason });

// A manifest stays: it says who brought the artifact, and nobody may shed that.
const ERASABLE: readonly Predicate[] = [
  "approval",
  "declaration",
  "lineage",
  "other",
  "profile",
  "provenance",
  "scan",
  "signature",
];
// Only this room states these, with the service's key. Coming from outside, they could only be repetitions.
const INSIDE: readonly Predicate[] = ["asset", "decision", "manifest", "promotion", "tombstone"];

/** Logs a tombstone for an object, then removes the object: in this order, so that no crash leaves it unexplained. */
export async function erase(parts: Parts, service: Signer, index: number, reason: string): Promise<Entry> {
  const { record } = parts;
  const entry = await record.entry(index);
  if (!ERASABLE.includes(entry.predicate)) {
    throw new CountersignError("forbidden", `A ${entry.predicate} stays on the record: others rest on it.`);
  }
  const bytes = await record.objects.get(entry.envelope);
  const said = bytes === undefined ? {} : { statement: saidBy(entry, bytes) };
  const statement = makeStatement([subjectOf(entry.envelope)], PREDICATE_TYPES.tombstone, {
    reason,
    ...said,
  });
  const tombstone = await record.state(statement, service);
  await record.objects.remove(entry.envelope);
  return tombstone;
}

function verified(envelope: Envelope, trust: Trust): { statement: Statement; key: PublicKey } {
  const keys = trust.root.keys.flatMap(({ keyId }) => trust.publicKey(keyId) ?? []);
  const result = verifyEnvelope(envelope, keys);
  if (result.ok) {
    const key = trust.publicKey(result.keyId);
    if (key !== undefined) return { statement: result.statement, key };
  }
  throw new CountersignError(
    "signer-not-allowed",
    "No key in the trust root made this signature. Run `countersign trust show` to see who may sign.",
  );
}

function checkPermission(record: Record, trust: Trust, keyId: Digest, predicate: Predicate): void {
  const permission = trust.permission(keyId, predicate, record.fold.size, record.now());
  if (permission.ok) return;
  throw new CountersignError("signer-not-allowed", `This was not recorded: ${permission.reason}.`);
}

async function submitTrustRoot(
  { record, gatekeeper, pin }: Parts,
  bytes: Uint8Array,
  statement: Statement,
  signer: Digest,
): Promise<Entry> {
  const subjects = subjectsOf(statement, record.workspace);
  // Checked while nothing else can be written: of two roots that follow the same one, only one may be acknowledged.
  const [entry] = await record.writeExclusively(async () => {
    requireNext(bytes, record.fold.size, pin, await gatekeeper.trust());
    return [{ bytes, predicate: "trust-root", outcome: "neutral", signer, subjects }];
  });
  return entry as Entry;
}

function requireNext(bytes: Uint8Array, index: number, pin: RootPin, before: Trust): void {
  const at = { envelope: sha256(bytes), index };
  if (acceptRoot(bytes, at, pin, before) === undefined) {
    throw new CountersignError(
      "trust-root-invalid",
      `This cannot follow trust root version ${before.root.version}: it must be version ${before.root.version + 1}, name ${before.digest} as the one before, and be signed by a root key of it.`,
    );
  }
}

// A repetition is answered with the entry that is there: it would count for nothing.
async function writeOnce(record: Record, item: Item): Promise<Entry> {
  const envelope = sha256(item.bytes);
  const chain = await record.chain(item.subjects[0] as Digest);
  const known = chain.find((entry) => entry.envelope === envelope);
  if (known !== undefined) return known;
  const [entry] = await record.write([item]);
  return entry as Entry;
}

function requireMatch(statement: Statement, manifest: Manifest): void {
  if (omsStatementMatches(statement, manifest)) return;
  throw new CountersignError("model-mismatch", "The signature is over other files than this artifact's.");
}
