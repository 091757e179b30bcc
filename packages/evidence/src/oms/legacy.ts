import { PAYLOAD_TYPE } from "../dsse.js";
import { isRecord } from "../json.js";
import { byCodePoint } from "../order.js";
import { checkStatement, type Statement } from "../statement.js";
import { makeOmsStatement, type OmsPredicate } from "./statement.js";

/** The predicate of model_signing 0.2.0, which OMS v1.0 §11.2 lets a verifier accept and nobody produce. */
const LEGACY_PREDICATE_TYPE = "https://model_signing/Digests/v0.1";

export function isLegacy(value: unknown): boolean {
  return isRecord(value) && value.predicateType === LEGACY_PREDICATE_TYPE;
}

/** What 0.2.0 signed: by mistake a capital V, and Python's way of printing bytes instead of the bytes. */
export function legacyPae(payload: Uint8Array): Uint8Array {
  const head = `DSSEV1 ${PAYLOAD_TYPE.length} ${PAYLOAD_TYPE} ${payload.byteLength} `;
  return Buffer.from(head + pythonRepr(payload));
}

const NAMED: Readonly<Record<number, string>> = { 9: "\\t", 10: "\\n", 13: "\\r", 92: "\\\\" };

function pythonRepr(bytes: Uint8Array): string {
  const quote = bytes.includes(0x27) && !bytes.includes(0x22) ? '"' : "'";
  const parts = Array.from(bytes, (byte) => {
    if (NAMED[byte]) return NAMED[byte];
    if (byte === quote.charCodeAt(0)) return `\\${quote}`;
    return byte >= 0x20 && byte < 0x7f
      ? String.fromCharCode(byte)
      : `\\x${byte.toString(16).padStart(2, "0")}`;
  });
  return `b${quote}${parts.join("")}${quote}`;
}

/** Reads a 0.2.0 statement, which listed the files as subjects, as if it were a v1.0 one. */
export function readLegacy(value: unknown): Statement<OmsPredicate> {
  const resources = checkStatement(value)
    .subject.map(({ name = "", digest }) => ({ name, digest: digest.sha256 ?? "", algorithm: "sha256" }))
    .sort((a, b) => byCodePoint(a.name, b.name));
  return makeOmsStatement("model", resources, {
    method: "files",
    hash_type: "sha256",
    allow_symlinks: false,
  });
}
