import type { Envelope } from "@countersign/evidence";
import { CountersignError, decodeEnvelope, isRecord, parseJson } from "@countersign/evidence";

/** The envelope of an OMS bundle. */
export function dsseIn(bytes: Uint8Array): Envelope {
  const value = parseJson(bytes);
  if (!isRecord(value))
    throw new CountersignError("bundle-malformed", "The signature bundle is no JSON object.");
  return decodeEnvelope(new TextEncoder().encode(JSON.stringify(value.dsseEnvelope ?? null)));
}
