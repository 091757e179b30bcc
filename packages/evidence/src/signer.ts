import { createPrivateKey, createPublicKey, type KeyObject, sign } from "node:crypto";
import { type Digest, sha256 } from "./digest.js";
import { CountersignError } from "./errors.js";
import { describeKey, keyAlgorithm, type PublicKey, SIGNING_HASH } from "./keys.js";

/**
 * Signs bytes. A key file now, a KMS or an HSM later. `purpose` says what the bytes are ("statement", "checkpoint"),
 * for the record of each use. ECDSA signatures are DER.
 */
export interface Signer {
  readonly publicKey: PublicKey;
  sign(bytes: Uint8Array, purpose: string): Promise<Uint8Array>;
}

/** A signer for a PKCS#8 (or SEC 1) private key. This file is the only place that uses a private key. */
export function keySigner(privatePem: string, passphrase?: string): Signer {
  const key = importPrivate(privatePem, passphrase);
  const hash = SIGNING_HASH[keyAlgorithm(key)];
  return {
    publicKey: describeKey(createPublicKey(key)),
    sign: async (bytes) => sign(hash, bytes, key),
  };
}

export function isEncryptedKey(pem: string): boolean {
  return /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(pem);
}

function importPrivate(pem: string, passphrase?: string): KeyObject {
  const encrypted = isEncryptedKey(pem);
  if (encrypted && passphrase === undefined) {
    throw new CountersignError("key-passphrase-needed", "the private key is encrypted: give its passphrase");
  }
  try {
    return createPrivateKey({
      key: pem,
      format: "pem",
      ...(encrypted ? { passphrase: passphrase ?? "" } : {}),
    });
  } catch {
    // The cause stays out: OpenSSL's words may quote the input.
    if (!encrypted) throw new CountersignError("key-malformed", "the private key cannot be read");
    throw new CountersignError("key-passphrase-wrong", "the passphrase does not open the private key");
  }
}

/** One use of a private key. */
export interface KeyUse {
  keyId: Digest;
  purpose: string;
  /** The SHA-256 of the bytes that were signed. */
  payload: Digest;
}

/** Records each use of a key before the signature exists; a use that cannot be recorded does not happen. */
export function auditedSigner(signer: Signer, record: (use: KeyUse) => void | Promise<void>): Signer {
  const { publicKey } = signer;
  return {
    publicKey,
    async sign(bytes, purpose) {
      await record({ keyId: publicKey.keyId, purpose, payload: sha256(bytes) });
      return signer.sign(bytes, purpose);
    },
  };
}
