import {
  concatBytes,
  decodeBase64,
  decodeUtf8,
  encodeBase64,
  encodeHex,
  encodeUint64,
  encodeUtf8,
} from "./bytes.js";

/** A negative outcome, as everywhere in this project. */
export interface Refused {
  ok: false;
  code: "note-malformed" | "key-malformed" | "key-unsupported" | "key-unknown" | "signature-invalid";
  reason: string;
}

/** The two primitives that this room needs; a browser gives its own (`webPrimitives`). */
export interface Primitives {
  sha256(bytes: Uint8Array): Uint8Array | Promise<Uint8Array>;
  verifyEd25519(
    publicKey: Uint8Array,
    message: Uint8Array,
    signature: Uint8Array,
  ): boolean | Promise<boolean>;
}

/** C2SP signed-note, "Signature types". */
export const ED25519 = 0x01;
export const ED25519_COSIGNATURE = 0x04;

export interface VerifierKey {
  readonly name: string;
  /** Eight hexadecimal digits. */
  readonly id: string;
  readonly type: typeof ED25519 | typeof ED25519_COSIGNATURE;
  readonly publicKey: Uint8Array;
}

interface NoteSignature {
  readonly name: string;
  readonly id: string;
  readonly signature: Uint8Array;
}

export interface Note {
  /** The signed text with its final newline. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** A signature that verified; `time` (seconds) is what a cosignature adds. */
export interface VerifiedSignature {
  readonly key: VerifierKey;
  readonly time?: number;
}

const MAX_NOTE = 1_000_000;
const MAX_SIGNATURES = 64;
const NAME = /^[^\s+\p{White_Space}]+$/u;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the format forbids them
const CONTROL = /[\u0000-\u0009\u000b-\u001f]/;

export function isKeyName(name: string): boolean {
  return NAME.test(name) && !CONTROL.test(name);
}

export function refused(code: Refused["code"], reason: string): Refused {
  return { ok: false, code, reason };
}

export function parseNote(bytes: Uint8Array): Note | Refused {
  const malformed = (reason: string): Refused => refused("note-malformed", `signed note: ${reason}`);
  if (bytes.length > MAX_NOTE) return malformed("it is too long");
  const whole = decodeUtf8(bytes);
  if (whole === undefined || CONTROL.test(whole)) return malformed("it is not plain UTF-8 text");
  const split = whole.lastIndexOf("\n\n");
  if (split < 0 || !whole.endsWith("\n")) return malformed("it has no signature block");
  const lines = whole.slice(split + 2, -1).split("\n");
  if (lines.length > MAX_SIGNATURES) return malformed("it has too many signatures");
  const signatures: NoteSignature[] = [];
  for (const line of lines) {
    const signature = parseSignatureLine(line);
    if (!signature) return malformed("a signature line is malformed");
    signatures.push(signature);
  }
  return { text: whole.slice(0, split + 1), signatures };
}

function parseSignatureLine(line: string): NoteSignature | undefined {
  const [dash, name, encoded, ...rest] = line.split(" ");
  const bytes = decodeBase64(encoded ?? "");
  if (dash !== "—" || !name || !isKeyName(name) || rest.length > 0 || !bytes || bytes.length < 5)
    return undefined;
  return { name, id: encodeHex(bytes.subarray(0, 4)), signature: bytes.subarray(4) };
}

export function formatSignatureLine(key: Pick<VerifierKey, "name" | "id">, signature: Uint8Array): string {
  const id = Uint8Array.from(key.id.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  return `— ${key.name} ${encodeBase64(concatBytes(id, signature))}\n`;
}

export async function keyIdOf(
  name: string,
  type: number,
  publicKey: Uint8Array,
  primitives: Pick<Primitives, "sha256">,
): Promise<string> {
  const hash = await primitives.sha256(concatBytes(encodeUtf8(`${name}\n`), Uint8Array.of(type), publicKey));
  return encodeHex(hash.subarray(0, 4));
}

export function formatVkey(key: VerifierKey): string {
  return `${key.name}+${key.id}+${encodeBase64(concatBytes(Uint8Array.of(key.type), key.publicKey))}`;
}

export async function parseVkey(
  text: string,
  primitives: Pick<Primitives, "sha256">,
): Promise<{ ok: true; key: VerifierKey } | Refused> {
  const [, name, id, encoded] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text) ?? [];
  const bytes = decodeBase64(encoded ?? "");
  if (!name || !id || !bytes || !isKeyName(name)) {
    return refused(
      "key-malformed",
      "a verifier key is name+id+base64, as in example.com/log+530d903a+AekyeR...",
    );
  }
  const type = bytes[0];
  if ((type !== ED25519 && type !== ED25519_COSIGNATURE) || bytes.length !== 33) {
    return refused("key-unsupported", `the verifier key of ${name} is not Ed25519`);
  }
  const publicKey = bytes.subarray(1);
  if ((await keyIdOf(name, type, publicKey, primitives)) !== id) {
    return refused("key-malformed", `the id of the verifier key of ${name} does not belong to it`);
  }
  return { ok: true, key: { name, id, type, publicKey } };
}

/** What a C2SP cosignature/v1 signs: so that it can never be taken for the log's own signature. */
export function cosignedMessage(time: number, text: string): Uint8Array {
  return encodeUtf8(`cosignature/v1\ntime ${time}\n${text}`);
}

export function encodeCosignature(time: number, signature: Uint8Array): Uint8Array {
  return concatBytes(encodeUint64(time), signature);
}

/**
 * Verifies the signatures of known keys. Unknown keys are ignored; one bad signature of a known key refuses the whole note,
 * as does the absence of any known key (C2SP signed-note, "Signatures").
 */
export async function verifyNote(
  note: Note,
  keys: readonly VerifierKey[],
  primitives: Primitives,
): Promise<{ ok: true; signatures: VerifiedSignature[] } | Refused> {
  const verified: VerifiedSignature[] = [];
  for (const signature of note.signatures) {
    const key = keys.find((known) => known.name === signature.name && known.id === signature.id);
    if (!key) continue;
    const result = await verifyOne(note.text, signature.signature, key, primitives);
    if (!result) return refused("signature-invalid", `the signature of ${key.name} does not verify`);
    if (!verified.some((known) => known.key === key)) verified.push(result);
  }
  if (verified.length === 0) return refused("key-unknown", "no known key signed this note");
  return { ok: true, signatures: verified };
}

async function verifyOne(
  text: string,
  signature: Uint8Array,
  key: VerifierKey,
  primitives: Primitives,
): Promise<VerifiedSignature | undefined> {
  if (key.type === ED25519) {
    const good = await primitives.verifyEd25519(key.publicKey, encodeUtf8(text), signature);
    return good ? { key } : undefined;
  }
  if (signature.length !== 72) return undefined;
  const view = new DataView(signature.buffer, signature.byteOffset, 8);
  const time = Number(view.getBigUint64(0));
  if (!Number.isSafeInteger(time) || time === 0) return undefined;
  const good = await primitives.verifyEd25519(
    key.publicKey,
    cosignedMessage(time, text),
    signature.subarray(8),
  );
  return good ? { key, time } : undefined;
}

export async function openNote(
  bytes: Uint8Array,
  keys: readonly VerifierKey[],
  primitives: Primitives,
): Promise<{ ok: true; note: Note; signatures: VerifiedSignature[] } | Refused> {
  const note = parseNote(bytes);
  if ("ok" in note) return note;
  const result = await verifyNote(note, keys, primitives);
  return result.ok ? { ok: true, note, signatures: result.signatures } : result;
}
