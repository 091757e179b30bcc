import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CountersignError } from "@countersign/evidence";

/**
 * What is kept of a reference to a data subject: a keyed hash. Who has the key can show that a given person's rows were
 * deleted; who has the log and the database cannot tell whose, nor try references one by one.
 */
export class SubjectKey {
  readonly #hash: Buffer;
  readonly #wrap: Buffer;

  constructor(key: Uint8Array, workspace: string) {
    const derived = (use: string): Buffer =>
      Buffer.from(hkdfSync("sha256", key, "", `countersign ${use} ${workspace}`, 32));
    this.#hash = derived("subject reference");
    this.#wrap = derived("subject reference in a job");
  }

  hash(dataset: string, reference: string): string {
    return createHmac("sha256", this.#hash)
      .update(JSON.stringify([dataset, reference]))
      .digest("hex");
  }

  /** A job's input stands in the database until the job is forgotten, so the reference goes into it encrypted. */
  wrap(reference: string): string {
    const nonce = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", this.#wrap, nonce);
    const sealed = Buffer.concat([cipher.update(reference, "utf8"), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64url");
  }

  unwrap(wrapped: string): string {
    const bytes = Buffer.from(wrapped, "base64url");
    const decipher = createDecipheriv("aes-256-gcm", this.#wrap, bytes.subarray(0, 12));
    decipher.setAuthTag(bytes.subarray(12, 28));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString("utf8");
    } catch (cause) {
      throw new CountersignError("projection-mismatch", "the job's input was changed in the database", {
        cause,
      });
    }
  }
}

const FILE = "subject-references.key";

/** The key stands beside the private keys, and goes into a backup with them: without it no deletion can be shown. */
export async function openSubjectKey(directory: string, workspace: string): Promise<SubjectKey> {
  const file = join(directory, "keys", FILE);
  const fresh = randomBytes(32).toString("base64url");
  await writeFile(file, fresh, { flag: "wx", mode: 0o600, flush: true }).catch(
    (cause: NodeJS.ErrnoException) => {
      if (cause.code !== "EEXIST") throw cause;
    },
  );
  const key = Buffer.from(await readFile(file, "utf8"), "base64url");
  if (key.length !== 32)
    throw new CountersignError("key-malformed", `${FILE} does not hold a key of 32 bytes`);
  return new SubjectKey(key, workspace);
}
