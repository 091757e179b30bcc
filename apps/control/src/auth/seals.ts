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
}

/** Takes the same time wherever the two differ. */
export function sameSeal(given: string, right: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(right)];
  return one.length === other.length && timingSafeEqual(one, other);
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
