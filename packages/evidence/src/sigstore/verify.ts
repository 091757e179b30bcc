import { createPublicKey } from "node:crypto";
import { type Bundle, bundleFromJSON } from "@sigstore/bundle";
import { type SignedEntity, type Signer, toSignedEntity, Verifier } from "@sigstore/verify";
import { type Digest, digestHex } from "../digest.js";
import { PAYLOAD_TYPE } from "../dsse.js";
import { CountersignError, type ErrorCode, type Refusal, refuse } from "../errors.js";
import { parseJson } from "../json.js";
import type { PublicKey } from "../keys.js";
import { checkStatement, type Statement } from "../statement.js";
import { checkLoggedSigner, checkLogValidity, checkShape, withLoggedDigest } from "./entries.js";
import { parseBundleJson } from "./json.js";
import { trustMaterial } from "./trust.js";

export interface SigstoreIdentity {
  /** The certificate's subject alternative name, exactly. */
  name: string;
  issuer: string;
}

export interface VerifyBundleOptions {
  /** Who must have signed; or `publicKey`, for a bundle that was signed with a managed key. */
  identity?: SigstoreIdentity;
  publicKey?: PublicKey;
  /** What was signed. A bundle with an envelope needs its digest only, and is held against the statement's subjects. */
  artifact?: Uint8Array;
  artifactDigest?: Digest;
  /** A Sigstore trusted root (JSON). Default: the public-good instance's, as pinned in this version. */
  trustRoot?: Uint8Array;
}

export interface VerifiedSigstore {
  ok: true;
  /** The statement of a bundle with an envelope. */
  statement?: Statement;
  identity?: SigstoreIdentity;
}

/** Checks a Sigstore bundle offline: signature, certificate, log entry and time. */
export function verifyBundle(bytes: Uint8Array, options: VerifyBundleOptions): VerifiedSigstore | Refusal {
  const material = trustMaterial(options.trustRoot);
  try {
    const bundle = readBundle(bytes);
    const { artifact } = options;
    checkShape(bundle);
    const entity = withLoggedDigest(toSignedEntity(bundle, artifact && Buffer.from(artifact)), bundle);
    const verifier = new Verifier({ ...material, publicKey: () => managedKey(options.publicKey) });
    const signer = checkSigner(verifier.verify(entity), entity, options);
    if (!signer.ok) return signer;
    checkLoggedSigner(bundle, options.publicKey);
    checkLogValidity(entity, material);
    return { ...signer, ...contentOf(bundle, options) };
  } catch (cause) {
    return explain(cause);
  }
}

function readBundle(bytes: Uint8Array): Bundle {
  const json = parseBundleJson(bytes);
  try {
    return bundleFromJSON(json);
  } catch (cause) {
    throw new CountersignError("bundle-malformed", `the bundle is malformed: ${(cause as Error).message}`);
  }
}

function managedKey(key: PublicKey | undefined): {
  publicKey: ReturnType<typeof createPublicKey>;
  validFor: () => true;
} {
  if (!key)
    throw new CountersignError("key-unknown", "the bundle was signed with a key: give its public key");
  return { publicKey: createPublicKey(key.pem), validFor: () => true };
}

type CheckedSigner = { ok: true; identity?: SigstoreIdentity } | Refusal;

// The library takes the expected name for a regular expression; here it is text.
function checkSigner(signer: Signer, { key }: SignedEntity, options: VerifyBundleOptions): CheckedSigner {
  if (key.$case === "public-key") return { ok: true };
  const wanted = options.identity;
  if (!wanted)
    return refuse(
      "identity-mismatch",
      "the bundle is signed with a certificate: give the identity to expect",
    );
  const name = signer.identity?.subjectAlternativeName;
  const issuer = signer.identity?.extensions?.issuer;
  if (name !== wanted.name || issuer !== wanted.issuer) {
    return refuse(
      "identity-mismatch",
      `it is signed by ${name} (${issuer}), not by ${wanted.name} (${wanted.issuer})`,
    );
  }
  return { ok: true, identity: { name, issuer } };
}

function contentOf(
  bundle: Bundle,
  { artifact, artifactDigest }: VerifyBundleOptions,
): { statement?: Statement } {
  if (bundle.content.$case === "messageSignature") {
    if (!artifact) throw new CountersignError("usage", "this bundle signs bytes: give the artifact itself");
    return {};
  }
  const { payload, payloadType } = bundle.content.dsseEnvelope;
  if (payloadType !== PAYLOAD_TYPE) {
    throw new CountersignError(
      "payload-type-unexpected",
      `the payload type is ${JSON.stringify(payloadType)}`,
    );
  }
  const statement = checkStatement(parseJson(payload));
  if (
    artifactDigest &&
    !statement.subject.some(({ digest }) => digest.sha256 === digestHex(artifactDigest))
  ) {
    throw new CountersignError("verification-failed", "the statement is about other bytes than the artifact");
  }
  return { statement };
}

const CODES: Readonly<Record<string, ErrorCode>> = {
  TIMESTAMP_ERROR: "timestamp-invalid",
  TLOG_BODY_ERROR: "tlog-invalid",
  TLOG_ERROR: "tlog-invalid",
  TLOG_INCLUSION_PROMISE_ERROR: "tlog-invalid",
  TLOG_INCLUSION_PROOF_ERROR: "tlog-invalid",
  TLOG_MISSING_INCLUSION_ERROR: "tlog-invalid",
  CERTIFICATE_ERROR: "certificate-untrusted",
  PUBLIC_KEY_ERROR: "key-unknown",
  SIGNATURE_ERROR: "signature-invalid",
};

// The parsers below meet an attacker's bytes first: whatever they throw is a refusal.
function explain(cause: unknown): Refusal {
  if (cause instanceof CountersignError) return refuse(cause.code, cause.message);
  const { code = "", message } = cause as { code?: string; message: string };
  const known = CODES[code];
  return known ? refuse(known, message) : refuse("bundle-malformed", `the bundle cannot be read: ${message}`);
}
