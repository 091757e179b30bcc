import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { PublicKey, Statement } from "@countersign/evidence";
import {
  CountersignError,
  canonicalJson,
  fileFault,
  makeStatement,
  parseJson,
  parsePublicKey,
  sha256,
} from "@countersign/evidence";
import type { TrustedKey, TrustRoot, TrustRule } from "@countersign/facts";
import { PREDICATE_TYPES } from "@countersign/facts";
import { Keyring } from "./keyring.js";
import { FORMAT, type Layout, layoutOf } from "./layout.js";

/** What this directory trusts before it reads anything: where its log comes from and who signs the first trust root. */
export interface Pin {
  workspace: string;
  origin: string;
  rootKey: string;
}

const YEAR = 365 * 24 * 60 * 60 * 1000;

/** Keys of a fresh data directory: name, algorithm, roles. OMS needs an ECDSA key, so the author's is one. */
const FIRST_KEYS = [
  { name: "root", algorithm: "ed25519", roles: ["root"] },
  { name: "log", algorithm: "ed25519", roles: [] },
  { name: "service", algorithm: "ed25519", roles: ["scanner", "service"] },
  { name: "author", algorithm: "ecdsa-p256", roles: ["author"] },
  { name: "approver", algorithm: "ecdsa-p256", roles: ["approver"] },
] as const;

/** What a server states by itself. */
export const SERVICE_RULE: TrustRule = {
  role: "service",
  predicates: [
    "manifest",
    "declaration",
    "decision",
    "promotion",
    "tombstone",
    "asset",
    "containment",
    "deployment",
    "lineage",
    "profile",
    "provenance",
  ],
};

const FIRST_RULES: TrustRule[] = [
  { role: "scanner", predicates: ["scan"] },
  SERVICE_RULE,
  { role: "author", predicates: ["signature", "declaration", "revocation"] },
  { role: "approver", predicates: ["approval", "revocation"], environments: ["staging", "production"] },
  // Nobody has it at first: whoever judges suspicious models is let in by name.
  { role: "security", predicates: ["approval", "revocation"], environments: ["staging", "production"] },
  { role: "revoker", predicates: ["revocation"] },
];

/** Makes the keys and the pin of a fresh data directory. A directory that is set up already is left as it is. */
export async function setUp(
  directory: string,
  workspace: string,
  clock: () => number,
  warn: (line: string) => void,
): Promise<void> {
  const layout = layoutOf(directory);
  if (existsSync(layout.format)) return checkFormat(layout.format);
  await mkdir(directory, { recursive: true, mode: 0o700 }).catch((cause) => {
    throw fileFault(directory, cause);
  });
  const keyring = new Keyring(layout.keys, layout.keyUses, clock, () => {});
  if (!existsSync(layout.keys)) await makeKeys(layout, clock);
  await dropStaged(directory);
  for (const { name, algorithm } of FIRST_KEYS) {
    if (!keyring.has(name)) await keyring.create(name, algorithm);
  }
  warn(
    `Made unencrypted private keys (mode 0600) in ${layout.keys}: fine for trying out. One disk holding author and approver is not two people; in earnest, give each their own key with a passphrase (countersign keys create --help).`,
  );
  const root = await keyring.publicKey("root");
  const pin: Pin = { workspace, origin: originOf(root), rootKey: root.pem };
  await writeDurably(layout.pin, `${JSON.stringify(pin, null, 2)}\n`);
  // Last: a directory without FORMAT was not finished and is set up again.
  await writeDurably(layout.format, `${JSON.stringify({ format: FORMAT })}\n`);
}

/** All of them or none: a full disk or a kill leaves nothing half made, and of two who begin at once one makes them. */
async function makeKeys({ keys, keyUses }: Layout, clock: () => number): Promise<void> {
  const staged = `${keys}.${randomUUID()}.new`;
  try {
    const keyring = new Keyring(staged, keyUses, clock, () => {});
    for (const { name, algorithm } of FIRST_KEYS) await keyring.create(name, algorithm);
    await rename(staged, keys);
  } catch (cause) {
    await rm(staged, { recursive: true, force: true });
    if (!existsSync(keys)) throw fileFault(keys, cause);
  }
}

/** What a kill left, now that the keys are there; whoever still makes some finds theirs gone, and takes these. */
async function dropStaged(directory: string): Promise<void> {
  const left = (await readdir(directory)).filter((name) => /^keys\.[0-9a-f-]{36}\.new$/.test(name));
  for (const name of left) await rm(join(directory, name), { recursive: true, force: true });
}

// An origin must be unique among logs; the root key's digest makes it so without asking anybody for a name.
const originOf = (root: PublicKey): string => `countersign.local/${root.keyId.slice(7, 23)}`;

async function checkFormat(path: string): Promise<void> {
  const { format } = parseJson(await readFile(path)) as { format?: unknown };
  if (format !== FORMAT) {
    throw new CountersignError(
      "format-unsupported",
      `This data directory has format ${String(format)}; this build reads format ${FORMAT}. Use the build that wrote it, or a newer one.`,
    );
  }
}

export async function readPin(directory: string): Promise<Pin> {
  return parseJson(await readFile(layoutOf(directory).pin)) as Pin;
}

/** The first trust root: the keys of this directory, each with its roles, for a year. */
export async function firstTrustRoot(keyring: Keyring, workspace: string, now: number): Promise<TrustRoot> {
  const keys: TrustedKey[] = [];
  for (const { name, roles } of FIRST_KEYS) {
    if (name === "log") continue;
    const { keyId, pem } = await keyring.publicKey(name);
    keys.push({ keyId, pem, principal: name, roles: [...roles] });
  }
  return {
    version: 1,
    workspace,
    previous: null,
    validFrom: now - 24 * 60 * 60 * 1000,
    validUntil: now + YEAR,
    keys,
    rules: FIRST_RULES,
    revokers: ["approver"],
    compromised: [],
    rootKeys: keys.filter(({ roles }) => roles.includes("root")).map(({ keyId }) => keyId),
  };
}

export function trustRootStatement(root: TrustRoot): Statement<TrustRoot> {
  const digest = sha256(canonicalJson(root));
  const subject = { name: `trust-root-${root.version}`, digest: { sha256: digest.slice(7) } };
  return makeStatement([subject], PREDICATE_TYPES["trust-root"], root);
}

export const pinnedKey = (pin: Pin): PublicKey => parsePublicKey(pin.rootKey);

async function writeDurably(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const whole = `${path}.${randomUUID()}.new`;
  try {
    await writeFile(whole, text, { mode: 0o600, flush: true });
    await rename(whole, path);
  } catch (cause) {
    await rm(whole, { force: true });
    throw fileFault(path, cause);
  }
}
