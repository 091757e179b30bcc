import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import {
  CountersignError,
  fileFault,
  generateKey,
  type KeyAlgorithm,
  type PublicKey,
  parsePublicKey,
  writeKeyFile,
} from "@countersign/evidence";
import type { Workspace } from "@countersign/workspace";
import { signerFromFile } from "../place/signer.js";
import type { Session } from "../session.js";
import { present } from "../terminal/output.js";
import { readPassphrase } from "../terminal/passphrase.js";
import { safe } from "../terminal/safe.js";
import { bold } from "../terminal/style.js";
import { writeTable } from "../terminal/table.js";

// Loaded on use: a key file needs no workspace, and a workspace needs a scanner, a policy engine and more.
async function openWorkspaceHere(session: Session, create: boolean): Promise<Workspace> {
  const { openDirectory } = await import("../place/directory.js");
  return openDirectory(session, create);
}

interface CreateOptions {
  algorithm: KeyAlgorithm;
  out?: string;
  passphrase?: boolean;
  passphraseFile?: string;
}

export async function createKey(session: Session, options: CreateOptions, name: string): Promise<number> {
  const passphrase = await newPassphrase(session, options, name);
  const made =
    options.out === undefined
      ? await inWorkspace(session, name, options.algorithm, passphrase)
      : inFile(session, options.out, options.algorithm, passphrase);
  if (passphrase === undefined) {
    session.output.warn(
      safe`countersign: the private key is not encrypted: whoever reads it can sign (see --passphrase)`,
    );
  }
  present(session.output, { name, ...made }, () => drawKey(session, name, made.key, made.files));
  return 0;
}

async function newPassphrase(
  session: Session,
  options: CreateOptions,
  name: string,
): Promise<string | undefined> {
  if (options.passphrase !== true && options.passphraseFile === undefined) return undefined;
  const first = await readPassphrase(session.io, `new passphrase for ${name}`, options.passphraseFile);
  if (first === "") throw new CountersignError("usage", "an empty passphrase protects nothing");
  if (options.passphraseFile !== undefined) return first;
  const again = await readPassphrase(session.io, "once more");
  if (again === first) return first;
  throw new CountersignError("usage", "the two passphrases differ; no key was made");
}

interface Made {
  key: PublicKey;
  files: string[];
}

async function inWorkspace(
  session: Session,
  name: string,
  algorithm: KeyAlgorithm,
  passphrase?: string,
): Promise<Made> {
  const workspace = await openWorkspaceHere(session, true);
  try {
    return { key: await workspace.keyring.create(name, algorithm, passphrase), files: [] };
  } finally {
    await workspace.close();
  }
}

function inFile(session: Session, out: string, algorithm: KeyAlgorithm, passphrase?: string): Made {
  const path = resolve(session.io.cwd, out);
  const publicPath = `${path}.pub`;
  if (existsSync(publicPath))
    throw new CountersignError("key-exists", `${publicPath} exists already: it is not overwritten`);
  const { privatePem, publicPem } = generateKey(algorithm, passphrase);
  writeKeyFile(path, privatePem);
  try {
    writeFileSync(publicPath, publicPem, { flag: "wx" });
  } catch (cause) {
    throw fileFault(publicPath, cause);
  }
  return { key: parsePublicKey(publicPem), files: [path, publicPath] };
}

function drawKey(session: Session, name: string, key: PublicKey, files: readonly string[] = []): void {
  const { output } = session;
  output.line(safe`${bold(name)}  ${key.algorithm}`);
  output.line(safe`  key id  ${key.keyId}`);
  for (const file of files) output.line(safe`  file    ${file}`);
  output.raw(key.pem.endsWith("\n") ? key.pem : `${key.pem}\n`);
}

export async function listKeys(session: Session): Promise<number> {
  const workspace = await openWorkspaceHere(session, false);
  try {
    const trust = await workspace.trust();
    const keys = (await workspace.keyring.list()).map(({ name, key }) => ({
      name,
      keyId: key.keyId,
      algorithm: key.algorithm,
      roles: trust.root.keys.find(({ keyId }) => keyId === key.keyId)?.roles ?? [],
    }));
    present(session.output, { keys }, () => {
      const rows = keys.map((key) => [key.name, key.algorithm, key.roles.join(", ") || "-", key.keyId]);
      writeTable(session.io, ["name", "algorithm", "roles", "key id"], rows);
    });
    return 0;
  } finally {
    await workspace.close();
  }
}

export async function showKey(session: Session, _options: object, key: string): Promise<number> {
  const found = await publicKeyOf(session, key);
  present(session.output, { name: key, key: found }, () => drawKey(session, key, found));
  return 0;
}

async function publicKeyOf(session: Session, key: string): Promise<PublicKey> {
  const path = resolve(session.io.cwd, key);
  if (!existsSync(path)) {
    const workspace = await openWorkspaceHere(session, false);
    try {
      if (workspace.keyring.has(key)) return await workspace.keyring.publicKey(key);
      throw new CountersignError("not-found", `there is no key and no file named ${key}`, {
        detail: { remedy: "countersign keys list" },
      });
    } finally {
      await workspace.close();
    }
  }
  const text = readFileSync(path, "utf8");
  return text.includes("PRIVATE KEY") ? (await signerFromFile(session, key)).publicKey : parsePublicKey(text);
}

interface RotateOptions {
  passphraseFile?: string;
}

export async function rotateKey(session: Session, options: RotateOptions, name: string): Promise<number> {
  const workspace = await openWorkspaceHere(session, false);
  try {
    const { rotate } = await import("./rotate.js");
    const made = await rotate(session, workspace, name, options.passphraseFile);
    present(session.output, { name, ...made }, () => drawKey(session, name, made.key));
    return 0;
  } finally {
    await workspace.close();
  }
}
