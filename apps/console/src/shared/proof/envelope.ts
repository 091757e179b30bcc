import { type Bytes, concat, digestOf, fromBase64, utf8 } from "./encoding.js";

interface Envelope {
  payloadType: string;
  payload: string;
  signatures: { keyid?: string; sig: string }[];
}

const isEnvelope = (value: unknown): value is Envelope => {
  const fields = value as Partial<Envelope> | null;
  return (
    typeof fields === "object" &&
    fields !== null &&
    typeof fields.payloadType === "string" &&
    typeof fields.payload === "string" &&
    Array.isArray(fields.signatures)
  );
};

/** A DSSE envelope, bare or inside a Sigstore bundle. */
export const envelopeIn = (value: unknown): Envelope | undefined => {
  if (isEnvelope(value)) return value;
  const inner = (value as { dsseEnvelope?: unknown } | null)?.dsseEnvelope;
  return isEnvelope(inner) ? inner : undefined;
};

/** The statement that the envelope carries; undefined when it is not JSON. */
export const statementIn = (envelope: Envelope): unknown => {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(fromBase64(envelope.payload)));
  } catch {
    return undefined;
  }
};

const derOf = (pem: string): Bytes => fromBase64(pem.replace(/-----[^-]+-----|\s/g, ""));

/** The key id of a PEM public key: SHA-256 of its DER, as the trust root writes it. */
export const keyIdOf = (pem: string): Promise<string> => digestOf(derOf(pem));

interface Algorithm {
  name: "Ed25519" | "ECDSA";
  namedCurve?: "P-256" | "P-384";
  hash?: "SHA-256" | "SHA-384";
  /** Bytes of one ECDSA coordinate. */
  width: number;
}

// The DER of a public key differs per curve in its object identifier, and so in its length.
const ALGORITHMS: Record<number, Algorithm> = {
  44: { name: "Ed25519", width: 0 },
  91: { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256", width: 32 },
  120: { name: "ECDSA", namedCurve: "P-384", hash: "SHA-384", width: 48 },
};

/** ECDSA signatures travel as DER; WebCrypto wants the two numbers side by side, padded. */
const rawOf = (der: Uint8Array, width: number): Bytes | undefined => {
  const parts: Uint8Array[] = [];
  let at = (der[1] ?? 0) > 0x80 ? 3 : 2;
  for (let number = 0; number < 2; number += 1) {
    const length = der[at + 1] ?? 0;
    const bytes = der.subarray(at + 2, at + 2 + length);
    const trimmed = bytes.subarray(bytes.findIndex((byte) => byte !== 0));
    if (der[at] !== 2 || trimmed.length > width) return undefined;
    parts.push(new Uint8Array(width - trimmed.length), trimmed);
    at += 2 + length;
  }
  return concat(...parts);
};

/** DSSE v1: verifies one signature over the pre-authentication encoding; undefined for a key this browser cannot use. */
export const verifyEnvelope = async (envelope: Envelope, pem: string): Promise<boolean | undefined> => {
  const der = derOf(pem);
  const algorithm = ALGORITHMS[der.length];
  if (algorithm === undefined) return undefined;
  const payload = fromBase64(envelope.payload);
  const type = utf8(envelope.payloadType);
  const message = concat(utf8(`DSSEv1 ${type.length} `), type, utf8(` ${payload.length} `), payload);
  const key = await crypto.subtle.importKey("spki", der, algorithm, false, ["verify"]);
  for (const { sig } of envelope.signatures) {
    const bytes = fromBase64(sig);
    const signature = algorithm.name === "ECDSA" ? rawOf(bytes, algorithm.width) : bytes;
    if (signature !== undefined && (await crypto.subtle.verify(algorithm, key, signature, message)))
      return true;
  }
  return false;
};
