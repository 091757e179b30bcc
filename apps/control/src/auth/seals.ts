import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * Marks rows as written by this server. The attacker has the database and nothing else: could they edit a row, they
 * would mint tokens, have a job signed in another's name, or turn the remembered answer to a gate into an allow.
 */
export class Seals {
  readonly #key: Uint8Array;

  constructor(key: Uint8Array) {
    this.#key = key;
  }

  /** `kind` keeps a seal of one table from being valid in another. */
  make(kind: string, ...parts: unknown[]): string {
    return createHmac("sha256", this.#key)
      .update(JSON.stringify([kind, ...parts]))
      .digest("base64url");
  }

  holds(seal: string, kind: string, ...parts: unknown[]): boolean {
    const [given, right] = [Buffer.from(seal), Buffer.from(this.make(kind, ...parts))];
    return given.length === right.length && timingSafeEqual(given, right);
  }
}

/** The key stands in the data directory, not in the database. It is not backed up: what it sealed is not either. */
export async function openSeals(directory: string): Promise<Seals> {
  const file = join(directory, "seal.key");
  const fresh = randomBytes(32).toString("base64url");
  await writeFile(file, fresh, { flag: "wx", mode: 0o600, flush: true }).catch(
    (cause: NodeJS.ErrnoException) => {
      if (cause.code !== "EEXIST") throw cause;
    },
  );
  return new Seals(Buffer.from(await readFile(file, "utf8"), "base64url"));
}
