import { createHash, randomBytes } from "node:crypto";

/** Text of a token or cookie: its workspace, so that it can be looked up there, and 256 random bits. */
export function newSecret(prefix: string, workspace: string): string {
  return `${prefix}_${workspace}_${randomBytes(32).toString("base64url")}`;
}

/** The random part is too long to be guessed, so that a plain hash is enough to store it by. */
export function hashSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** The workspace that a secret names, if it has the right form at all. */
export function secretWorkspace(prefix: string, secret: string): string | undefined {
  const [, kind, workspace] = /^([a-z]{2,8})_([a-z0-9][a-z0-9-]{0,62})_[\w-]{43}$/.exec(secret) ?? [];
  return kind === prefix ? workspace : undefined;
}
