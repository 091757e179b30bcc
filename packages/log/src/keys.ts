import type { Signer } from "@countersign/evidence";
import { encodeUtf8 } from "./bytes.js";
import { fault } from "./faults.js";
import { primitives, rawPublicKey } from "./hash.js";
import {
  ED25519,
  formatSignatureLine,
  isKeyName,
  keyIdOf,
  parseVkey as parse,
  type VerifierKey,
} from "./note.js";

/** The verifier key that belongs to a signer under a name (C2SP signed-note). */
export async function verifierKeyOf(
  signer: Signer,
  name: string,
  type: VerifierKey["type"] = ED25519,
): Promise<VerifierKey> {
  const publicKey = rawPublicKey(signer.publicKey.pem);
  if (!publicKey) throw fault("key-unsupported", "a log signs with an Ed25519 key");
  if (!isKeyName(name))
    throw fault("bad-request", `"${name}" cannot name a log: no spaces and no plus sign`, { name });
  return { name, id: await keyIdOf(name, type, publicKey, primitives), type, publicKey };
}

/** Reads a verifier key; throws when it is none. */
export async function parseVkey(text: string): Promise<VerifierKey> {
  const parsed = await parse(text.trim(), primitives);
  if (!parsed.ok) throw fault(parsed.code, parsed.reason);
  return parsed.key;
}

/** Signs a note's text, which ends in a newline. */
export async function signNote(
  text: string,
  key: VerifierKey,
  signer: Signer,
  purpose: string,
): Promise<Uint8Array> {
  const signature = await signer.sign(encodeUtf8(text), purpose);
  return encodeUtf8(`${text}\n${formatSignatureLine(key, signature)}`);
}
