import { decodeBase64, encodeBase64 } from "../base64.js";
import { checkEnvelope, type Envelope, PAYLOAD_TYPE } from "../dsse.js";
import { CountersignError } from "../errors.js";
import { isRecord } from "../json.js";
import { parseBundleJson } from "../sigstore/json.js";

const BUNDLE_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json";
const MAX_CERTIFICATES = 10;

/** How a bundle says who signed it (OMS v1.0 §4.1). */
export type Material =
  | { kind: "key"; hint?: string; rawBytes?: Uint8Array }
  | { kind: "certificate"; chain: Uint8Array[] }
  | { kind: "sigstore" };

export interface OmsBundle {
  material: Material;
  envelope: Envelope;
  signature: Uint8Array;
  payload: Uint8Array;
}

/** Parses an OMS bundle; throws `bundle-malformed` or `bundle-unsupported`. Nothing in it is verified yet. */
export function parseOmsBundle(bytes: Uint8Array): OmsBundle {
  const bundle = parseBundleJson(bytes);
  const { dsseEnvelope } = bundle;
  if (!isRecord(dsseEnvelope)) throw malformed("it has no dsseEnvelope");
  const envelope = readEnvelope(dsseEnvelope);
  const [only, ...more] = envelope.signatures;
  if (!only || more.length > 0) throw malformed("it has not exactly one signature");
  if (envelope.payloadType !== PAYLOAD_TYPE) {
    throw new CountersignError(
      "payload-type-unexpected",
      `the payload type is ${JSON.stringify(envelope.payloadType)}`,
    );
  }
  return {
    material: readMaterial(bundle.verificationMaterial),
    envelope,
    signature: decodeBase64(only.sig) ?? new Uint8Array(),
    payload: decodeBase64(envelope.payload) ?? new Uint8Array(),
  };
}

function readEnvelope(value: Record<string, unknown>): Envelope {
  try {
    return checkEnvelope(value);
  } catch (cause) {
    throw malformed(cause instanceof Error ? cause.message : "its envelope is malformed");
  }
}

function readMaterial(value: unknown): Material {
  if (!isRecord(value)) throw malformed("it has no verificationMaterial");
  const kinds = ["publicKey", "x509CertificateChain", "certificate"].filter(
    (name) => value[name] !== undefined,
  );
  if (kinds.length !== 1) throw malformed("it names its signer in no way, or in several");
  if (kinds[0] === "publicKey") return readKey(value.publicKey);
  if (kinds[0] === "x509CertificateChain")
    return { kind: "certificate", chain: readChain(value.x509CertificateChain) };
  return { kind: "sigstore" };
}

function readKey(value: unknown): Material {
  if (!isRecord(value)) throw malformed("publicKey is not an object");
  const hint = typeof value.hint === "string" && value.hint !== "" ? value.hint : undefined;
  const rawBytes = typeof value.rawBytes === "string" ? decodeBase64(value.rawBytes) : undefined;
  if (hint === undefined && rawBytes === undefined)
    throw malformed("publicKey has neither hint nor rawBytes");
  return { kind: "key", ...(hint === undefined ? {} : { hint }), ...(rawBytes ? { rawBytes } : {}) };
}

function readChain(value: unknown): Uint8Array[] {
  const certificates = isRecord(value) ? value.certificates : undefined;
  if (!Array.isArray(certificates) || certificates.length === 0 || certificates.length > MAX_CERTIFICATES) {
    throw malformed("x509CertificateChain has no certificate, or too many");
  }
  return certificates.map((item) => {
    const der = isRecord(item) && typeof item.rawBytes === "string" ? decodeBase64(item.rawBytes) : undefined;
    if (!der || der.byteLength === 0) throw malformed("a certificate is not base64");
    return der;
  });
}

function malformed(reason: string): CountersignError {
  return new CountersignError("bundle-malformed", `the bundle is malformed: ${reason}`);
}

/** Writes a bundle for the `key` or the `certificate` method. */
export function writeOmsBundle(
  payload: Uint8Array,
  signature: Uint8Array,
  signer: { hint: string } | { chain: Uint8Array[] },
): Uint8Array {
  const verificationMaterial =
    "hint" in signer
      ? { publicKey: { hint: signer.hint }, tlogEntries: [] }
      : {
          x509CertificateChain: {
            certificates: signer.chain.map((der) => ({ rawBytes: encodeBase64(der) })),
          },
          tlogEntries: [],
        };
  const dsseEnvelope = {
    payload: encodeBase64(payload),
    payloadType: PAYLOAD_TYPE,
    signatures: [{ sig: encodeBase64(signature), keyid: "" }],
  };
  return Buffer.from(`${JSON.stringify({ mediaType: BUNDLE_TYPE, verificationMaterial, dsseEnvelope })}\n`);
}
