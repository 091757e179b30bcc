import { decodeBase64, decodeUtf8, encodeBase64, encodeUtf8, parseDecimal } from "./bytes.js";
import { type Checkpoint, openCheckpoint } from "./checkpoint.js";
import { HASH_SIZE, hashLater, leafPreimage, provesInclusion } from "./merkle.js";
import { ED25519_COSIGNATURE, type Primitives, type VerifierKey } from "./note.js";

/** A C2SP tlog-proof: that an entry is in the log, for someone offline. */
export interface Receipt {
  readonly index: number;
  readonly proof: readonly Uint8Array[];
  /** The checkpoint, a signed note, verbatim. */
  readonly checkpoint: Uint8Array;
  /** Opaque and not authenticated: never trust it. */
  readonly extra?: Uint8Array;
}

const HEADER = "c2sp.org/tlog-proof@v1";
const MAX_PROOF = 63;

export function formatReceipt(receipt: Receipt): string {
  const lines = [HEADER];
  if (receipt.extra) lines.push(`extra ${encodeBase64(receipt.extra)}`);
  lines.push(`index ${receipt.index}`, ...receipt.proof.map(encodeBase64), "");
  return `${lines.join("\n")}\n${decodeUtf8(receipt.checkpoint) ?? ""}`;
}

export function parseReceipt(text: string): Receipt | undefined {
  const split = text.indexOf("\n\n");
  if (split < 0) return undefined;
  const lines = text.slice(0, split).split("\n");
  if (lines.shift() !== HEADER) return undefined;
  const extra = lines[0]?.startsWith("extra ") ? decodeBase64(lines.shift()?.slice(6) ?? "") : null;
  const index = lines[0]?.startsWith("index ") ? parseDecimal(lines.shift()?.slice(6)) : undefined;
  const proof = parseHashes(lines);
  if (extra === undefined || index === undefined || !proof) return undefined;
  return { index, proof, checkpoint: encodeUtf8(text.slice(split + 2)), ...(extra ? { extra } : {}) };
}

/** Lines of base64 SHA-256 hashes, 63 at most. */
export function parseHashes(lines: readonly string[]): Uint8Array[] | undefined {
  if (lines.length > MAX_PROOF) return undefined;
  const hashes = lines.map(decodeBase64);
  return hashes.every((hash) => hash?.length === HASH_SIZE) ? (hashes as Uint8Array[]) : undefined;
}

export interface ReceiptTrust {
  readonly origin: string;
  readonly logKey: VerifierKey;
  /** Witnesses whose cosignatures count, and how many must be there. */
  readonly witnesses?: readonly VerifierKey[];
  readonly quorum?: number;
}

export interface VerifiedReceipt {
  ok: true;
  index: number;
  checkpoint: Checkpoint;
  /** Which witnesses cosigned, and when (seconds). */
  cosignatures: { name: string; time: number }[];
}

export interface RefusedReceipt {
  ok: false;
  code: string;
  reason: string;
}

/** Whether `leaf` is in the log that `trust` names. */
export async function verifyReceipt(
  text: string,
  leaf: Uint8Array,
  trust: ReceiptTrust,
  primitives: Primitives,
): Promise<VerifiedReceipt | RefusedReceipt> {
  const receipt = parseReceipt(text);
  if (!receipt)
    return { ok: false, code: "receipt-malformed", reason: "the receipt is not a c2sp.org/tlog-proof@v1" };
  const keys = [trust.logKey, ...(trust.witnesses ?? [])];
  const opened = await openCheckpoint(receipt.checkpoint, trust.origin, keys, primitives);
  if (!opened.ok) return opened;
  const { size, root } = opened.checkpoint;
  const leafHash = await primitives.sha256(leafPreimage(leaf));
  const work = provesInclusion(receipt.index, size, leafHash, receipt.proof, root);
  if (!(await hashLater(work, (bytes) => primitives.sha256(bytes)))) {
    return {
      ok: false,
      code: "proof-invalid",
      reason: "the receipt does not prove that this entry is in the log",
    };
  }
  const cosignatures = opened.signatures
    .filter(({ key }) => key.type === ED25519_COSIGNATURE)
    .map(({ key, time }) => ({ name: key.name, time: time ?? 0 }));
  const missing = (trust.quorum ?? 0) - cosignatures.length;
  if (missing > 0) {
    return { ok: false, code: "signature-missing", reason: `${missing} more witness(es) must have cosigned` };
  }
  return { ok: true, index: receipt.index, checkpoint: opened.checkpoint, cosignatures };
}
