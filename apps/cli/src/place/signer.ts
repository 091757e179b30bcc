import { resolve } from "node:path";
import { CountersignError, loadKeyFile, type Signer } from "@countersign/evidence";
import type { Session } from "../session.js";
import { readPassphrase } from "../terminal/passphrase.js";
import { safe } from "../terminal/safe.js";

/** Loads a private key; asks for its passphrase only where it has one. */
export async function signerFromFile(
  session: Session,
  file: string,
  passphraseFile?: string,
): Promise<Signer> {
  const path = resolve(session.io.cwd, file);
  const warn = (line: string): void => session.output.note(safe`countersign: ${line}`);
  return withPassphrase(session, file, passphraseFile, (passphrase) =>
    loadKeyFile(path, { warn, ...(passphrase === undefined ? {} : { passphrase }) }),
  );
}

export async function withPassphrase<T>(
  session: Session,
  key: string,
  passphraseFile: string | undefined,
  load: (passphrase: string | undefined) => T | Promise<T>,
): Promise<T> {
  try {
    return await load(undefined);
  } catch (error) {
    if (!(error instanceof CountersignError) || error.code !== "key-passphrase-needed") throw error;
  }
  return load(await readPassphrase(session.io, `passphrase of ${key}`, passphraseFile));
}
