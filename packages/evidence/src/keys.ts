import { createPublicKey, generateKeyPairSync, type KeyObject, verify } from "node:crypto";
import { type Digest, sha256 } from "./digest.js";
import { CountersignError } from "./errors.js";

export type KeyAlgorithm = "ecdsa-p256" | "ecdsa-p384" | "ecdsa-p521" | "ed25519";

/** A key that signatures are checked with. `keyId` is the SHA-256 of its SubjectPublicKeyInfo in DER. */
export interface PublicKey {
  readonly keyId: Digest;
  readonly pem: string;
  readonly algorithm: KeyAlgorithm;
}

const CURVES: Record<string, KeyAlgorithm> = {
  prime256v1: "ecdsa-p256",
  secp384r1: "ecdsa-p384",
  secp521r1: "ecdsa-p521",
};

/** The digest that signs with each algorithm; Ed25519 takes the message itself. */
export const SIGNING_HASH: Readonly<Record<KeyAlgorithm, string | null>> = {
  "ecdsa-p256": "sha256",
  "ecdsa-p384": "sha384",
  "ecdsa-p521": "sha512",
  ed25519: null,
};

export function keyAlgorithm(key: KeyObject): KeyAlgorithm {
  const curve = key.asymmetricKeyDetails?.namedCurve ?? "";
  const algorithm = key.asymmetricKeyType === "ed25519" ? "ed25519" : CURVES[curve];
  if (algorithm && (algorithm === "ed25519" || key.asymmetricKeyType === "ec")) return algorithm;
  const kind = [key.asymmetricKeyType, curve].filter(Boolean).join(" ");
  throw new CountersignError(
    "key-unsupported",
    `a key of kind ${kind} is not supported: use ECDSA on P-256, P-384 or P-521, or Ed25519`,
  );
}

/**
 * Reads the one PEM public key (SPKI) of a text; words around it are left aside, as other tools write some. A private
 * key or a certificate is refused, so that neither is passed on by mistake.
 */
export function parsePublicKey(text: string): PublicKey {
  const blocks = text.match(/-----BEGIN [A-Z0-9 ]+-----/g) ?? [];
  const block = /-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/.exec(text)?.[0];
  if (!block || blocks.length !== 1) {
    throw new CountersignError(
      "key-malformed",
      "the text is not one PEM key that begins with BEGIN PUBLIC KEY",
    );
  }
  return describeKey(importPublic(block));
}

function importPublic(pem: string): KeyObject {
  try {
    return createPublicKey({ key: pem, format: "pem" });
  } catch (cause) {
    throw new CountersignError("key-malformed", "the public key cannot be read", { cause });
  }
}

/** The one form of a key: through JWK, so that a compressed point does not give the same key a second id. */
export function describeKey(key: KeyObject): PublicKey {
  const algorithm = keyAlgorithm(key);
  const plain = createPublicKey({ key: key.export({ format: "jwk" }), format: "jwk" });
  const keyId = sha256(plain.export({ type: "spki", format: "der" }));
  return { keyId, pem: plain.export({ type: "spki", format: "pem" }).toString(), algorithm };
}

// Reading a key costs as much as checking a signature with it.
const imported = new WeakMap<PublicKey, KeyObject>();

function keyObject(key: PublicKey): KeyObject {
  const known = imported.get(key) ?? createPublicKey(key.pem);
  imported.set(key, known);
  return known;
}

/** Checks a signature; ECDSA signatures are DER. Malformed signatures are simply not valid. */
export function verifySignature(key: PublicKey, bytes: Uint8Array, signature: Uint8Array): boolean {
  try {
    return verify(SIGNING_HASH[key.algorithm], bytes, keyObject(key), signature);
  } catch {
    return false;
  }
}

export interface KeyPair {
  privatePem: string;
  publicPem: string;
}

const NAMED_CURVES = { "ecdsa-p256": "P-256", "ecdsa-p384": "P-384", "ecdsa-p521": "P-521" } as const;

/**
 * Makes a key pair; with a passphrase the private key is encrypted PKCS#8. The pair leaves as text: exporting a KeyObject that came
 * from a generation as JWK can wait for ever for itself, when the collector destroys the generation's job meanwhile (Node 20).
 */
export function generateKey(algorithm: KeyAlgorithm = "ecdsa-p256", passphrase?: string): KeyPair {
  const options = {
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: {
      type: "pkcs8",
      format: "pem",
      ...(passphrase === undefined ? {} : { cipher: "aes-256-cbc", passphrase }),
    },
  } as const;
  const pair =
    algorithm === "ed25519"
      ? generateKeyPairSync("ed25519", options)
      : generateKeyPairSync("ec", { namedCurve: NAMED_CURVES[algorithm], ...options });
  return { privatePem: pair.privateKey, publicPem: describeKey(importPublic(pair.publicKey)).pem };
}
