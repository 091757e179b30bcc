import { decodeBase64, encodeBase64 } from "./base64.js";
import type { Digest } from "./digest.js";
import { CountersignError, type Refusal, refuse } from "./errors.js";
import { canonicalJson, isRecord, parseJson } from "./json.js";
import { type PublicKey, verifySignature } from "./keys.js";
import type { Signer } from "./signer.js";
import { checkStatement, type Statement } from "./statement.js";

export const PAYLOAD_TYPE = "application/vnd.in-toto+json";
const MAX_SIGNATURES = 16;

export interface EnvelopeSignature {
  keyid?: string;
  sig: string;
}

/** A DSSE envelope, version 1. */
export interface Envelope {
  payloadType: string;
  payload: string;
  signatures: EnvelopeSignature[];
}

/** What is signed: the pre-authentication encoding of the DSSE protocol, version 1. */
export function pae(payloadType: string, payload: Uint8Array): Uint8Array {
  const head = `DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.byteLength} `;
  return Buffer.concat([Buffer.from(head), payload]);
}

export async function signStatement(statement: Statement, signer: Signer): Promise<Envelope> {
  checkStatement(statement);
  return signPayload(canonicalJson(statement), signer, statement.predicateType);
}

/** Signs payload bytes as they are; `signStatement` is what nearly every caller wants. */
export async function signPayload(payload: Uint8Array, signer: Signer, purpose: string): Promise<Envelope> {
  const signature = await signer.sign(pae(PAYLOAD_TYPE, payload), purpose);
  const signatures = [{ keyid: signer.publicKey.keyId, sig: encodeBase64(signature) }];
  return { payloadType: PAYLOAD_TYPE, payload: encodeBase64(payload), signatures };
}

/** Canonical JSON: the SHA-256 of these bytes names the envelope. */
export function encodeEnvelope(envelope: Envelope): Uint8Array {
  return canonicalJson(envelope);
}

export function decodeEnvelope(bytes: Uint8Array): Envelope {
  try {
    return checkEnvelope(parseJson(bytes));
  } catch (cause) {
    if (cause instanceof CountersignError && cause.code === "envelope-malformed") throw cause;
    throw malformed(cause instanceof Error ? cause.message : "it is not JSON");
  }
}

/** Checks an envelope's shape. Members that DSSE does not name are dropped, as the protocol asks. */
export function checkEnvelope(value: unknown): Envelope {
  if (!isRecord(value)) throw malformed("it is not an object");
  const { payloadType, payload, signatures } = value;
  if (typeof payloadType !== "string" || payloadType === "") throw malformed("payloadType is missing");
  if (typeof payload !== "string" || !decodeBase64(payload)) throw malformed("payload is not base64");
  if (!Array.isArray(signatures) || signatures.length === 0) throw malformed("it has no signature");
  if (signatures.length > MAX_SIGNATURES) throw malformed("it has too many signatures");
  return { payloadType, payload, signatures: signatures.map(checkSignature) };
}

function checkSignature(value: unknown): EnvelopeSignature {
  if (!isRecord(value)) throw malformed("a signature is not an object");
  const { keyid, sig } = value;
  if (typeof sig !== "string" || sig === "" || !decodeBase64(sig))
    throw malformed("a signature is not base64");
  if (keyid === undefined || keyid === null) return { sig };
  if (typeof keyid !== "string") throw malformed("a keyid is not text");
  return { keyid, sig };
}

function malformed(reason: string): CountersignError {
  return new CountersignError("envelope-malformed", `the envelope is malformed: ${reason}`);
}

export interface VerifiedEnvelope {
  ok: true;
  statement: Statement;
  /** The first of the keys that signed it. */
  keyId: Digest;
  /** All of the given keys that signed it. */
  keyIds: Digest[];
}

/** Checks who signed an envelope, and returns its statement. Whether that signer may say so is for the trust root. */
export function verifyEnvelope(envelope: Envelope, keys: readonly PublicKey[]): VerifiedEnvelope | Refusal {
  if (envelope.payloadType !== PAYLOAD_TYPE) {
    return refuse("payload-type-unexpected", `the payload type is ${JSON.stringify(envelope.payloadType)}`);
  }
  const payload = decodeBase64(envelope.payload);
  if (!payload) return refuse("envelope-malformed", "the payload is not base64");
  const keyIds = signersOf(envelope, pae(envelope.payloadType, payload), keys);
  const [keyId] = keyIds;
  if (!keyId) return refuse(...whyNone(envelope, keys));
  try {
    return { ok: true, statement: checkStatement(parseJson(payload)), keyId, keyIds };
  } catch (cause) {
    return refuse(
      "statement-malformed",
      cause instanceof Error ? cause.message : "the statement is malformed",
    );
  }
}

// `keyid` is an unauthenticated hint: it puts keys in order and decides nothing.
function signersOf(envelope: Envelope, signed: Uint8Array, keys: readonly PublicKey[]): Digest[] {
  const found = new Set<Digest>();
  for (const { keyid, sig } of envelope.signatures.slice(0, MAX_SIGNATURES)) {
    const signature = decodeBase64(sig);
    if (!signature) continue;
    const order = [
      ...keys.filter((key) => key.keyId === keyid),
      ...keys.filter((key) => key.keyId !== keyid),
    ];
    const key = order.find((candidate) => verifySignature(candidate, signed, signature));
    if (key) found.add(key.keyId);
  }
  return [...found];
}

function whyNone(
  envelope: Envelope,
  keys: readonly PublicKey[],
): ["key-unknown" | "signature-invalid", string] {
  const named = envelope.signatures.some(({ keyid }) => keys.some((key) => key.keyId === keyid));
  return named
    ? ["signature-invalid", "the signature does not verify with the key it names: the envelope was changed"]
    : ["key-unknown", "none of the known keys made this signature"];
}
