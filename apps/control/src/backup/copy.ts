import { constants } from "node:fs";
import { chmod, copyFile, lstat, mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { CountersignError, fileFault } from "@countersign/evidence";

/**
 * What a data directory is, in an order that makes a copy of a directory in use a whole one: the log before the objects
 * (an object is written before the entry that names it), and within the log journal, state and checkpoint before the
 * tiles (a tile is written before the checkpoint that covers it).
 */
const PARTS = [
  "FORMAT",
  "trust",
  "policies",
  "known-bad.txt",
  "log/journal",
  "log/state",
  "log/checkpoint",
  "log/tile",
  "objects",
] as const;

export interface CopyOptions {
  from: string;
  to: string;
  /** Private keys too; public ones always. */
  keys: boolean;
}

export async function copyParts({ from, to, keys }: CopyOptions): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o700 });
  for (const part of PARTS) await copyTree(join(from, part), join(to, part), () => true);
  await copyTree(join(from, "keys"), join(to, "keys"), (name) => keys || name.endsWith(".pub"));
}

export async function copyTree(from: string, to: string, wanted: (name: string) => boolean): Promise<void> {
  const entry = await lstat(from).catch(absent);
  if (!entry) return;
  if (entry.isSymbolicLink()) throw new CountersignError("symlink-refused", `${from} is a symbolic link`);
  if (entry.isDirectory()) {
    await mkdir(to, { recursive: true, mode: 0o700 });
    for (const name of await readdir(from)) await copyTree(join(from, name), join(to, name), wanted);
    return;
  }
  if (!entry.isFile() || !wanted(from)) return;
  // A partial tile goes when the full one is there: what vanished meanwhile is not needed.
  await copyFile(from, to, constants.COPYFILE_EXCL).catch(absent);
  await chmod(to, entry.mode & 0o777).catch(absent);
}

function absent(cause: NodeJS.ErrnoException): undefined {
  if (cause.code !== "ENOENT") throw fileFault(cause.path ?? "", cause);
}

/** Builds under another name and gives the name last: what is there is whole. */
export async function buildAside<T>(target: string, build: (draft: string) => Promise<T>): Promise<T> {
  if (await lstat(target).catch(absent)) {
    throw new CountersignError("conflict", `${target} exists already; name a place where nothing is`);
  }
  const draft = `${target}.partial`;
  await rm(draft, { recursive: true, force: true });
  try {
    const result = await build(draft);
    await rename(draft, target);
    return result;
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}
