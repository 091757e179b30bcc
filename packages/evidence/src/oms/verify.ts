import { createPublicKey, verify } from "node:crypto";
import { type Digest, sha256 } from "../digest.js";
import { PAYLOAD_TYPE, pae } from "../dsse.js";
import { CountersignError, isErrorCode, type Refusal, refuse } from "../errors.js";
import { parseJson } from "../json.js";
import { describeKey, type PublicKey, parsePublicKey, verifySignature } from "../keys.js";
import type { Statement } from "../statement.js";
import { type Material, type OmsBundle, parseOmsBundle } from "./bundle.js";
import { type CompareOptions, compareModel } from "./compare.js";
import { isLegacy, legacyPae, readLegacy } from "./legacy.js";
import { insideModel, keyHint } from "./sign.js";
import { checkOmsStatement, type OmsPredicate } from "./statement.js";

/** What the verifier trusts, by signing method. */
export type OmsTrust =
  | { method: "key"; publicKey: PublicKey }
  | { method: "certificate" /** PEM certificates. */; anchors: string; clock: () => number }
  | {
      method: "sigstore";
      identity: string;
      issuer: string;
      /** A Sigstore trusted root (JSON). Default: the public-good instance's, as pinned in this version. */
      trustRoot?: Uint8Array;
    };

export type OmsSigner =
  | { method: "key"; keyId: Digest }
  | { method: "certificate"; keyId: Digest; subject: string }
  | { method: "sigstore"; identity: string; issuer: string };

export interface VerifiedBundle {
  ok: true;
  statement: Statement<OmsPredicate>;
  signer: OmsSigner;
  /** The SHA-256 of the bundle's bytes. */
  digest: Digest;
}

export interface VerifyModelOptions extends CompareOptions {
  trust: OmsTrust;
  /** Where the bundle lies: left out of the model where it lies inside. */
  bundlePath?: string;
}

export interface VerifiedModel extends VerifiedBundle {
  files: string[];
  unsigned: string[];
}

/** Checks a model's files against its signature. What cannot be read throws; what does not hold is a refusal. */
export async function verifyModel(
  path: string,
  bundle: Uint8Array,
  options: VerifyModelOptions,
): Promise<VerifiedModel | Refusal> {
  const verified = await verifyOmsBundle(bundle, options.trust);
  if (!verified.ok) return verified;
  const ignore = [...(options.ignore ?? []), ...insideModel(path, options.bundlePath)];
  const compared = await compareModel(path, verified.statement.predicate, { ...options, ignore });
  return compared.ok ? { ...verified, files: compared.files, unsigned: compared.unsigned } : compared;
}

/** Checks who signed an OMS bundle, without looking at the model. */
export async function verifyOmsBundle(bytes: Uint8Array, trust: OmsTrust): Promise<VerifiedBundle | Refusal> {
  try {
    const bundle = parseOmsBundle(bytes);
    const { material } = bundle;
    if (material.kind !== trust.method) {
      return refuse(
        "bundle-unsupported",
        `it is signed with the method ${material.kind}, not ${trust.method}`,
      );
    }
    const checked = await checkSigner(bytes, bundle, trust);
    if (!checked.ok) return checked;
    return {
      ok: true,
      statement: readStatement(bundle.payload),
      signer: checked.signer,
      digest: sha256(bytes),
    };
  } catch (cause) {
    if (cause instanceof CountersignError) return refuse(cause.code, cause.message);
    throw cause;
  }
}

type Checked = { ok: true; signer: OmsSigner } | Refusal;

function checkSigner(bytes: Uint8Array, bundle: OmsBundle, trust: OmsTrust): Checked | Promise<Checked> {
  if (trust.method === "key") return checkKey(bundle, trust.publicKey);
  if (trust.method === "certificate") return checkCertificate(bundle, trust.anchors, trust.clock());
  return checkSigstore(bytes, trust);
}

function readStatement(payload: Uint8Array): Statement<OmsPredicate> {
  const value = parseJson(payload, { maxBytes: 128 * 1024 * 1024 });
  return checkOmsStatement(isLegacy(value) ? readLegacy(value) : value);
}

function checkKey(bundle: OmsBundle, key: PublicKey): Checked {
  if (key.algorithm === "ed25519")
    return refuse("key-unsupported", "model signatures are checked with ECDSA keys");
  if (!namesKey(bundle.material, key)) {
    return refuse("key-unknown", "the bundle names another public key than the one given");
  }
  if (!signedBy(bundle, key))
    return refuse("signature-invalid", "the signature does not verify with this public key");
  return { ok: true, signer: { method: "key", keyId: key.keyId } };
}

function namesKey(material: Material, key: PublicKey): boolean {
  if (material.kind !== "key") return false;
  const { hint, rawBytes } = material;
  const named = rawBytes === undefined || keyOf(rawBytes)?.keyId === key.keyId;
  return named && (hint === undefined || hint.toLowerCase() === keyHint(key.pem));
}

// Bundles before v1.1.0 carry the key itself: PEM, or DER in some.
function keyOf(bytes: Uint8Array): PublicKey | undefined {
  try {
    const text = Buffer.from(bytes).toString("latin1");
    if (text.startsWith("-----BEGIN")) return parsePublicKey(text);
    return describeKey(createPublicKey({ key: Buffer.from(bytes), format: "der", type: "spki" }));
  } catch {
    return undefined;
  }
}

function signedBy({ payload, signature }: OmsBundle, key: PublicKey): boolean {
  if (verifySignature(key, pae(PAYLOAD_TYPE, payload), signature)) return true;
  const value = parseJson(payload);
  if (!isLegacy(value)) return false;
  // 0.2.0 hashed with SHA-256 whatever the curve, and with its own encoding.
  try {
    return (
      verifySignature(key, legacyPae(payload), signature) ||
      verify("sha256", legacyPae(payload), key.pem, signature)
    );
  } catch {
    return false;
  }
}

async function checkCertificate(bundle: OmsBundle, anchors: string, at: number): Promise<Checked> {
  const { parseCertificate, parseCertificates, verifyChain } = await import("../certificates.js");
  if (bundle.material.kind !== "certificate")
    return refuse("bundle-malformed", "the bundle has no certificate chain");
  const [leaf, ...intermediates] = bundle.material.chain.map(parseCertificate);
  if (!leaf) return refuse("bundle-malformed", "the bundle has no certificate");
  const chain = verifyChain({ leaf, intermediates, anchors: parseCertificates(anchors), at });
  if (!chain.ok) return chain;
  const key = describeKey(leaf.publicKey);
  if (!signedBy(bundle, key))
    return refuse("signature-invalid", "the signature does not verify with the certificate");
  return { ok: true, signer: { method: "certificate", keyId: key.keyId, subject: leaf.subject } };
}

async function checkSigstore(bytes: Uint8Array, trust: OmsTrust & { method: "sigstore" }): Promise<Checked> {
  const { verifyBundle } = await import("../sigstore/verify.js");
  const { identity, issuer, trustRoot } = trust;
  const verified = verifyBundle(bytes, {
    identity: { name: identity, issuer },
    ...(trustRoot ? { trustRoot } : {}),
  });
  if (!verified.ok)
    return isErrorCode(verified.code) ? verified : refuse("verification-failed", verified.reason);
  return { ok: true, signer: { method: "sigstore", identity, issuer } };
}
