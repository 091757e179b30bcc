import { createPublicKey, hash as digest, verify } from "node:crypto";
import { HASH_SIZE, hashNow, leafPreimage, provesConsistency, provesInclusion } from "./merkle.js";
import type { Primitives } from "./note.js";

/** SHA-256. Node makes a string out of a digest in a third of the time that it takes to make a Buffer. */
export function sha256Into(bytes: Uint8Array, target: Buffer, offset: number): void {
  target.write(digest("sha256", bytes, "binary"), offset, HASH_SIZE, "latin1");
}

export function sha256(bytes: Uint8Array): Buffer {
  return Buffer.from(digest("sha256", bytes, "binary"), "latin1");
}

// One view for leaves of one length after another: making a view costs as much as hashing.
let scratch = Buffer.alloc(257);

export function leafHashInto(leaf: Uint8Array, target: Buffer, offset: number): void {
  if (scratch.length !== leaf.length + 1) scratch = Buffer.alloc(leaf.length + 1);
  scratch.set(leaf, 1);
  sha256Into(scratch, target, offset);
}

export function leafHash(leaf: Uint8Array): Buffer {
  return sha256(leafPreimage(leaf));
}

const pair = Buffer.alloc(1 + 2 * HASH_SIZE, 1);

export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  pair.set(left, 1);
  pair.set(right, 1 + HASH_SIZE);
  return sha256(pair);
}

/** The root of a power of two of consecutive hashes, laid end to end. */
export function subtreeRoot(hashes: Uint8Array): Buffer {
  let level = Buffer.from(hashes);
  while (level.length > HASH_SIZE) {
    for (let at = 0; at < level.length; at += 2 * HASH_SIZE) {
      level.copy(pair, 1, at, at + 2 * HASH_SIZE);
      sha256Into(pair, level, at / 2);
    }
    level = level.subarray(0, level.length / 2);
  }
  return level;
}

export const EMPTY_ROOT: Buffer = sha256(new Uint8Array());

export function verifyInclusion(
  index: number,
  size: number,
  hash: Uint8Array,
  proof: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  return hashNow(provesInclusion(index, size, hash, proof, root), sha256);
}

export function verifyConsistency(
  from: number,
  to: number,
  proof: readonly Uint8Array[],
  fromRoot: Uint8Array,
  toRoot: Uint8Array,
): boolean {
  return hashNow(provesConsistency(from, to, proof, fromRoot, toRoot), sha256);
}

/** SubjectPublicKeyInfo of an Ed25519 key is this and the 32 bytes (RFC 8410). */
const SPKI = Buffer.from("302a300506032b6570032100", "hex");

export const primitives: Primitives = {
  sha256,
  verifyEd25519(publicKey, message, signature) {
    try {
      const key = createPublicKey({ key: Buffer.concat([SPKI, publicKey]), format: "der", type: "spki" });
      return verify(null, message, key, signature);
    } catch {
      return false;
    }
  },
};

/** The 32 bytes of an Ed25519 public key in PEM; undefined for another kind of key. */
export function rawPublicKey(pem: string): Uint8Array | undefined {
  const der = createPublicKey(pem).export({ format: "der", type: "spki" });
  return der.length === SPKI.length + 32 && der.subarray(0, SPKI.length).equals(SPKI)
    ? new Uint8Array(der.subarray(SPKI.length))
    : undefined;
}
