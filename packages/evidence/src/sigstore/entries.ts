import { createHash, createPublicKey, X509Certificate } from "node:crypto";
import type { Bundle } from "@sigstore/bundle";
import type { SignedEntity, TrustMaterial } from "@sigstore/verify";
import { pae } from "../dsse.js";
import { CountersignError } from "../errors.js";
import { isRecord, parseJson } from "../json.js";
import type { PublicKey } from "../keys.js";

// What @sigstore/verify 3.1.1 leaves open.

/** Checks what must hold before the library reads a bundle. */
export function checkShape(bundle: Bundle): void {
  const { tlogEntries, content } = bundle.verificationMaterial;
  for (const { logIndex, inclusionProof } of tlogEntries) {
    if (![logIndex, inclusionProof?.logIndex ?? "0"].every((index) => /^\d{1,19}$/.test(index))) {
      throw malformed("a log index is not a number");
    }
    if (inclusionProof && !inclusionProof.checkpoint) throw malformed("an inclusion proof has no checkpoint");
    checkNames(inclusionProof?.checkpoint?.envelope ?? "");
  }
  // The root is the verifier's to know: a bundle that brings one asks to be trusted.
  const chain = content.$case === "x509CertificateChain" ? content.x509CertificateChain.certificates : [];
  if (chain.slice(1).some(({ rawBytes }) => isRoot(rawBytes)))
    throw malformed("it brings a root certificate");
}

function isRoot(der: Buffer): boolean {
  const { issuer, subject } = new X509Certificate(der);
  return issuer === subject;
}

// The library uses the name on a checkpoint's signature line as a regular expression: an attacker could write one that
// never ends.
function checkNames(envelope: string): void {
  for (const [, name = ""] of envelope.matchAll(/\u2014 (\S+) /gu)) {
    if (!/^[\w.:/+-]+$/.test(name)) throw malformed("a checkpoint is signed by an impossible name");
  }
}

/** An entry for another certificate or key with the same signature proves nothing about this one. */
export function checkLoggedSigner(bundle: Bundle, publicKey: PublicKey | undefined): void {
  const { content, tlogEntries } = bundle.verificationMaterial;
  const certificate = content.$case === "certificate" ? content.certificate : firstCertificate(content);
  const own = certificate?.rawBytes ?? (publicKey && keyDer(publicKey.pem));
  for (const { canonicalizedBody } of tlogEntries) {
    const logged = [...verifiers(parseJson(canonicalizedBody))];
    if (!own || logged.length === 0 || !logged.every((der) => der.equals(own))) {
      throw new CountersignError("tlog-invalid", "a log entry names another signer than the bundle");
    }
  }
}

function keyDer(pem: string): Buffer {
  return createPublicKey(pem).export({ type: "spki", format: "der" });
}

type Content = Bundle["verificationMaterial"]["content"];

function firstCertificate(content: Content): { rawBytes: Buffer } | undefined {
  return content.$case === "x509CertificateChain" ? content.x509CertificateChain.certificates[0] : undefined;
}

/** The certificates and keys that a Rekor entry (v1 or v2, any kind) names, as DER. */
function* verifiers(value: unknown, depth = 0): Generator<Buffer> {
  if (!isRecord(value) && !Array.isArray(value)) return;
  if (depth > 12) return;
  for (const [name, member] of Object.entries(value)) {
    const text = VERIFIER_MEMBERS.has(name) ? textOf(member) : undefined;
    if (text === undefined) yield* verifiers(member, depth + 1);
    else yield toDer(text);
  }
}

// hashedrekord 0.0.1 publicKey.content, dsse 0.0.1 verifier, intoto publicKey: PEM in base64; v2 rawBytes: DER.
const VERIFIER_MEMBERS: ReadonlySet<string> = new Set(["publicKey", "verifier", "x509Certificate"]);

function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (!isRecord(value)) return undefined;
  const text = value.content ?? value.rawBytes;
  return typeof text === "string" ? text : undefined;
}

function toDer(base64: string): Buffer {
  const bytes = Buffer.from(base64, "base64");
  const text = bytes.toString("latin1");
  const pem = /-----BEGIN (?:CERTIFICATE|PUBLIC KEY)-----([^-]+)-----END/.exec(text)?.[1];
  return pem === undefined ? bytes : Buffer.from(pem, "base64");
}

/** A log's key counts only while it is valid: the library asks that of promises, and here also of checkpoints. */
export function checkLogValidity({ timestamps, tlogEntries }: SignedEntity, { tlogs }: TrustMaterial): void {
  const times = timestamps.flatMap((stamp) => {
    if (stamp.$case === "timestamp-authority") return [stamp.timestamp.signingTime];
    // The time that a log claims is proven by its promise alone.
    return stamp.tlogEntry.inclusionPromise ? [new Date(Number(stamp.tlogEntry.integratedTime) * 1000)] : [];
  });
  for (const { logId } of tlogEntries) {
    const logs = tlogs.filter(({ logID }) => logID.equals(logId.keyId));
    const valid = logs.some(({ validFor }) =>
      times.every((at) => validFor.start <= at && at <= validFor.end),
    );
    if (!valid)
      throw new CountersignError("tlog-invalid", "the log's key was not valid at the time of signing");
  }
}

/** Rekor v2 logs an envelope as a hashedrekord: what it then names is the digest of what was signed, not the payload. */
export function withLoggedDigest(entity: SignedEntity, bundle: Bundle): SignedEntity {
  const { content } = bundle;
  const kinds = new Set(entity.tlogEntries.map(({ kindVersion }) => kindVersion.kind));
  if (content.$case !== "dsseEnvelope" || !kinds.has("hashedrekord")) return entity;
  if (kinds.size > 1) throw malformed("its log entries are of several kinds");
  const { payloadType, payload } = content.dsseEnvelope;
  const signed = createHash("sha256").update(pae(payloadType, payload)).digest();
  const { signature } = entity;
  const logged: SignedEntity["signature"] = {
    signature: signature.signature,
    compareSignature: (other) => signature.compareSignature(other),
    compareDigest: (digest) => signed.equals(digest),
    verifySignature: (key) => signature.verifySignature(key),
  };
  return { ...entity, signature: logged };
}

function malformed(reason: string): CountersignError {
  return new CountersignError("bundle-malformed", `the bundle is malformed: ${reason}`);
}
