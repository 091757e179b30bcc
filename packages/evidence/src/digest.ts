import { createHash } from "node:crypto";
import { CountersignError } from "./errors.js";

/** A SHA-256 digest in lower-case hexadecimal. It names bytes. */
export type Digest = `sha256:${string}`;

const SHAPE = /^sha256:[0-9a-f]{64}$/;

export function sha256(bytes: Uint8Array): Digest {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

export function isDigest(text: string): text is Digest {
  return SHAPE.test(text);
}

/** Returns `value` as a digest, or throws `digest-malformed`. */
export function parseDigest(value: unknown): Digest {
  if (typeof value === "string" && isDigest(value)) return value;
  throw new CountersignError("digest-malformed", "a digest is sha256: and 64 lower-case hexadecimal digits");
}

export function digestBytes(digest: Digest): Uint8Array {
  return Buffer.from(digest.slice("sha256:".length), "hex");
}

export function digestHex(digest: Digest): string {
  return digest.slice("sha256:".length);
}
