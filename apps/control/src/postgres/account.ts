import { readFile, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { CountersignError } from "@countersign/evidence";

export interface Account {
  name: string;
  uid: number;
  gid: number;
}

/** PostgreSQL refuses to run as root. An account that exists already is used; none is ever created. */
export async function unprivilegedAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const text = await readFile("/etc/passwd", "utf8").catch(() => "");
  const accounts = text.split("\n").map(parseAccount);
  for (const name of ["postgres", "nobody", "daemon"]) {
    const account = accounts.find((candidate) => candidate?.name === name && candidate.uid > 0);
    if (account) return account;
  }
  throw new CountersignError(
    "database-unavailable",
    "PostgreSQL does not run as root and there is no unprivileged account (postgres, nobody); run as another user or set DATABASE_URL",
  );
}

function parseAccount(line: string): Account | undefined {
  const [name, , uid, gid] = line.split(":");
  if (!name || uid === undefined || gid === undefined) return undefined;
  return { name, uid: Number(uid), gid: Number(gid) };
}

/** Whether the account may pass through every directory above `path`. */
export async function canReach(account: Account, path: string): Promise<boolean> {
  for (let directory = dirname(resolve(path)); ; directory = dirname(directory)) {
    const { uid, gid, mode } = await stat(directory);
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (directory === dirname(directory)) return true;
  }
}
