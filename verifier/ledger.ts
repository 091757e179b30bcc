import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from "node:crypto";

// Makes evidence files for the tests, from the formats' descriptions alone: it shares no line with the verifier.

const sha256 = (...parts: (Uint8Array | string)[]): Buffer =>
  parts.reduce((state, part) => state.update(part), createHash("sha256")).digest();
export const digestOf = (bytes: Uint8Array | string): string => `sha256:${sha256(bytes).toString("hex")}`;

/** RFC 8785 for what the tests sign: no numbers but integers, no character beyond the basic plane in a key. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`)
    .join()}}`;
}

export interface Key {
  keyId: string;
  pem: string;
  privateKey: KeyObject;
  hash: string | null;
}

export function makeKey(curve?: "P-256" | "P-384"): Key {
  // As text and back: a KeyObject straight from a generation may lock up when it is exported as JWK (Node 20).
  const encoding = {
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  } as const;
  const pair = curve
    ? generateKeyPairSync("ec", { namedCurve: curve, ...encoding })
    : generateKeyPairSync("ed25519", encoding);
  const [privateKey, publicKey] = [createPrivateKey(pair.privateKey), createPublicKey(pair.publicKey)];
  const hash = curve ? { "P-256": "sha256", "P-384": "sha384" }[curve] : null;
  const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
  return { keyId: digestOf(publicKey.export({ type: "spki", format: "der" })), pem, privateKey, hash };
}

const raw = (key: Key): Buffer => Buffer.from(key.privateKey.export({ format: "jwk" }).x ?? "", "base64url");
const noteId = (name: string, type: number, key: Key): Buffer =>
  sha256(`${name}\n`, Buffer.of(type), raw(key)).subarray(0, 4);

export function vkey(name: string, type: number, key: Key): string {
  const encoded = Buffer.concat([Buffer.of(type), raw(key)]).toString("base64");
  return `${name}+${noteId(name, type, key).toString("hex")}+${encoded}`;
}

export interface Statement {
  subject: { name?: string; digest: { sha256: string } }[];
  predicateType: string;
  predicate: unknown;
}

export function envelope({ subject, predicateType, predicate }: Statement, key: Key): Buffer {
  const statement = { _type: "https://in-toto.io/Statement/v1", subject, predicateType, predicate };
  const payload = Buffer.from(canonical(statement));
  const type = "application/vnd.in-toto+json";
  const signed = Buffer.concat([Buffer.from(`DSSEv1 ${type.length} ${type} ${payload.length} `), payload]);
  const sig = sign(key.hash, signed, key.privateKey).toString("base64");
  const signatures = [{ keyid: key.keyId, sig }];
  return Buffer.from(canonical({ payloadType: type, payload: payload.toString("base64"), signatures }));
}

export interface Leaf {
  at: number;
  envelope: string;
  outcome: string;
  predicate: string;
  signer: string;
  subjects: string[];
  v: number;
  workspace: string;
}

interface Row {
  leaf: Leaf;
  raw: Buffer;
  object: Buffer;
}

function split(size: number): number {
  let half = 1;
  while (half * 2 < size) half *= 2;
  return half;
}

/** RFC 6962, section 2.1, word for word. */
function treeHash(leaves: Buffer[]): Buffer {
  if (leaves.length === 1) return sha256(Buffer.of(0), leaves[0]!);
  const half = split(leaves.length);
  return sha256(Buffer.of(1), treeHash(leaves.slice(0, half)), treeHash(leaves.slice(half)));
}

function path(index: number, leaves: Buffer[]): Buffer[] {
  if (leaves.length === 1) return [];
  const half = split(leaves.length);
  const [left, right] = [leaves.slice(0, half), leaves.slice(half)];
  return index < half
    ? [...path(index, left), treeHash(right)]
    : [...path(index - half, right), treeHash(left)];
}

export interface EvidenceFile {
  format: string;
  decision: number;
  checkpoint: string;
  entries: { index: number; leaf: string; proof: string[]; envelope: string | null }[];
  trustRoot: number;
  manifest: unknown;
}

/** A log in memory. */
export class Ledger {
  readonly rows: Row[] = [];
  readonly erased: Set<number> = new Set();
  readonly origin = "log.example/test";
  readonly logKey: Key = makeKey();
  readonly witness: Key = makeKey();

  append(leaf: Omit<Leaf, "at" | "envelope" | "v" | "workspace">, object: Buffer): number {
    const full: Leaf = {
      ...leaf,
      at: 1_000_000 + this.rows.length,
      envelope: digestOf(object),
      v: 1,
      workspace: "default",
    };
    this.rows.push({ leaf: full, raw: Buffer.from(canonical(full)), object });
    return this.rows.length - 1;
  }

  chainHead(subject: string, logSize: number): { count: number; hash: string } {
    const chain = this.rows.slice(0, logSize).filter(({ leaf }) => leaf.subjects.includes(subject));
    const hash = chain.reduce<Buffer>(
      (before, row) => sha256(before, sha256(Buffer.of(0), row.raw)),
      Buffer.alloc(32),
    );
    return { count: chain.length, hash: hash.toString("hex") };
  }

  checkpoint(): string {
    const root = treeHash(this.rows.map((row) => row.raw)).toString("base64");
    const text = `${this.origin}\n${this.rows.length}\n${root}\n`;
    const log = Buffer.concat([
      noteId(this.origin, 1, this.logKey),
      sign(null, Buffer.from(text), this.logKey.privateKey),
    ]);
    const time = Buffer.alloc(8);
    time.writeBigUInt64BE(1_700_000_000n);
    const cosigned = Buffer.from(`cosignature/v1\ntime 1700000000\n${text}`);
    const cosignature = Buffer.concat([
      noteId("witness.example", 4, this.witness),
      time,
      sign(null, cosigned, this.witness.privateKey),
    ]);
    return `${text}\n— ${this.origin} ${log.toString("base64")}\n— witness.example ${cosignature.toString("base64")}\n`;
  }

  file(decision: number, trustRoot: number, wanted: number[], manifest: unknown): EvidenceFile {
    const leaves = this.rows.map((row) => row.raw);
    const indexes = [...new Set([...wanted, decision, trustRoot])].sort((a, b) => a - b);
    const entries = indexes.map((index) => ({
      index,
      leaf: leaves[index]!.toString("base64"),
      proof: path(index, leaves).map((hash) => hash.toString("base64")),
      envelope: this.erased.has(index) ? null : this.rows[index]!.object.toString("base64"),
    }));
    return {
      format: "countersign-evidence/v1",
      decision: indexes.indexOf(decision),
      trustRoot: indexes.indexOf(trustRoot),
      checkpoint: this.checkpoint(),
      entries,
      manifest,
    };
  }
}
