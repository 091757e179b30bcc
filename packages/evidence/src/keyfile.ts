import { randomUUID } from "node:crypto";
import * as fs from "node:fs";
import { dirname } from "node:path";
import { CountersignError, fileFault } from "./errors.js";
import { generateKey, type KeyAlgorithm, type PublicKey, parsePublicKey } from "./keys.js";
import { removeLeftover } from "./leftover.js";
import { isEncryptedKey, keySigner, type Signer } from "./signer.js";

export interface LoadOptions {
  /** The passphrase, or a way to ask for it; asked only where the key is encrypted. */
  passphrase?: string | (() => string | undefined);
  warn?: (message: string) => void;
}

const MAX_KEY_BYTES = 64 * 1024;

export function loadKeyFile(path: string, options: LoadOptions = {}): Signer {
  const warn = options.warn ?? (() => {});
  const { pem, mode } = readKey(path);
  if ((mode & 0o077) !== 0) warn(`${path} can be read by others: run chmod 600 ${path}`);
  if (!isEncryptedKey(pem)) {
    warn(`${path} is not encrypted: whoever reads it can sign in its name`);
    return keySigner(pem);
  }
  const { passphrase } = options;
  return keySigner(pem, typeof passphrase === "function" ? passphrase() : passphrase);
}

function readKey(path: string): { pem: string; mode: number } {
  try {
    const fd = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
    try {
      const stat = fs.fstatSync(fd);
      if (!stat.isFile() || stat.size > MAX_KEY_BYTES) {
        throw new CountersignError("key-malformed", `${path} is not a key file`);
      }
      return { pem: fs.readFileSync(fd, "utf8"), mode: stat.mode };
    } finally {
      fs.closeSync(fd);
    }
  } catch (cause) {
    throw fileFault(path, cause);
  }
}

/** Writes a new private key for its owner's eyes alone (0600), durably and whole, and never over a file that exists. */
export function writeKeyFile(path: string, privatePem: string): void {
  const whole = `${path}.${randomUUID()}.new`;
  try {
    fs.mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writePrivate(whole, privatePem);
    linkNew(whole, path);
  } catch (cause) {
    throw fileFault(path, cause);
  } finally {
    removeLeftover(whole);
  }
  syncDirectory(dirname(path));
}

function writePrivate(path: string, text: string): void {
  const fd = fs.openSync(path, "wx", 0o600);
  try {
    fs.fchmodSync(fd, 0o600);
    fs.writeFileSync(fd, text);
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

// Unlike a rename, a link never takes the place of what is there.
function linkNew(from: string, to: string): void {
  try {
    fs.linkSync(from, to);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw cause;
    throw new CountersignError("key-exists", `${to} exists already: it is not overwritten`);
  }
}

function syncDirectory(path: string): void {
  const fd = fs.openSync(path, "r");
  try {
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

export interface RotateOptions extends LoadOptions {
  algorithm?: KeyAlgorithm;
  newPassphrase?: string;
}

export interface Rotation {
  previous: PublicKey;
  current: PublicKey;
  /** Where the previous private key stays, so that it can sign its own revocation. */
  retired: string;
}

/** Puts a new key at `path` and keeps the old one beside it. The new one is durable before the old one moves. */
export function rotateKeyFile(path: string, options: RotateOptions = {}): Rotation {
  const previous = loadKeyFile(path, options).publicKey;
  const { privatePem, publicPem } = generateKey(
    options.algorithm ?? previous.algorithm,
    options.newPassphrase,
  );
  const next = `${path}.next`;
  const retired = `${path}.retired-${previous.keyId.slice("sha256:".length, "sha256:".length + 12)}`;
  fs.rmSync(next, { force: true });
  writeKeyFile(next, privatePem);
  try {
    fs.linkSync(path, retired);
    fs.renameSync(next, path);
    syncDirectory(dirname(path));
  } catch (cause) {
    throw fileFault(path, cause);
  }
  return { previous, current: parsePublicKey(publicPem), retired };
}
