import { existsSync } from "node:fs";
import { appendFile, mkdir, open, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { KeyAlgorithm, PublicKey, Signer } from "@countersign/evidence";
import {
  auditedSigner,
  CountersignError,
  fileFault,
  generateKey,
  loadKeyFile,
  parsePublicKey,
  writeKeyFile,
} from "@countersign/evidence";

const NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** Private keys of a data directory, by name: `<name>.pem` (0600) beside `<name>.pub`. Each use is written down. */
export class Keyring {
  readonly #directory: string;
  readonly #uses: string;
  #doubt = true;
  readonly #clock: () => number;
  readonly #warn: (line: string) => void;

  constructor(directory: string, uses: string, clock: () => number, warn: (line: string) => void) {
    this.#directory = directory;
    this.#uses = uses;
    this.#clock = clock;
    this.#warn = warn;
  }

  async create(name: string, algorithm: KeyAlgorithm, passphrase?: string): Promise<PublicKey> {
    const path = this.#path(name);
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    const { privatePem, publicPem } = generateKey(algorithm, passphrase);
    writeKeyFile(path, privatePem);
    await writeFile(this.#publicPath(name), publicPem, { flush: true }).catch((cause) => {
      throw fileFault(this.#publicPath(name), cause);
    });
    return parsePublicKey(publicPem);
  }

  has(name: string): boolean {
    return NAME.test(name) && existsSync(this.#path(name));
  }

  async list(): Promise<{ name: string; key: PublicKey }[]> {
    const files = await readdir(this.#directory).catch(() => []);
    const names = files.filter((file) => file.endsWith(".pub")).map((file) => file.slice(0, -4));
    return Promise.all(names.sort().map(async (name) => ({ name, key: await this.publicKey(name) })));
  }

  async publicKey(name: string): Promise<PublicKey> {
    return parsePublicKey(await readFile(this.#publicPath(name), "utf8"));
  }

  async signer(name: string, passphrase?: string): Promise<Signer> {
    if (!this.has(name)) {
      throw new CountersignError(
        "not-found",
        `There is no key named ${name}. Run \`countersign keys list\`, or \`countersign keys create ${name}\`.`,
      );
    }
    const signer = loadKeyFile(this.#path(name), {
      ...(passphrase === undefined ? {} : { passphrase }),
      warn: this.#warn,
    });
    return this.audited(signer);
  }

  audited(signer: Signer): Signer {
    return auditedSigner(signer, async ({ keyId, purpose, payload }) => {
      const line = JSON.stringify({ at: this.#clock(), keyId, purpose, payload });
      await this.#note(line);
    });
  }

  /** A full disk or a kill may have left half a line; the next one begins anew, so that only that one is lost. */
  async #note(line: string): Promise<void> {
    try {
      const torn = this.#doubt && (await endsTorn(this.#uses));
      await appendFile(this.#uses, `${torn ? "\n" : ""}${line}\n`, { mode: 0o600 });
      this.#doubt = false;
    } catch (cause) {
      this.#doubt = true;
      // Without the directory: clients of a server read this too.
      throw fileFault(basename(this.#uses), cause);
    }
  }

  #path(name: string): string {
    if (!NAME.test(name))
      throw new CountersignError("usage", `${JSON.stringify(name)} is no key name: use a-z, 0-9, . _ -`);
    return join(this.#directory, `${name}.pem`);
  }

  #publicPath(name: string): string {
    return join(this.#directory, `${name}.pub`);
  }
}

async function endsTorn(path: string): Promise<boolean> {
  const file = await open(path, "r").catch(() => null);
  if (!file) return false;
  try {
    const { size } = await file.stat();
    if (size === 0) return false;
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
    return buffer[0] !== 0x0a;
  } finally {
    await file.close();
  }
}
