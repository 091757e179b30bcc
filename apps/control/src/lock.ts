import { randomBytes } from "node:crypto";
import { link, mkdir, readFile, rename, rm, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CountersignError } from "@countersign/evidence";
import { isAlive } from "./postgres/orphan.js";

export interface DirectoryLock {
  release(): Promise<void>;
}

/**
 * One server per data directory. The lock is a file that names its holder: process id and the time that process
 * started, because a process id alone is given out again.
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  await mkdir(directory, { recursive: true });
  const file = join(directory, "server.lock");
  const mine = `${process.pid} ${await startOf(process.pid)} ${randomBytes(6).toString("hex")}\n`;
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, mine, { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < 5; attempt++) {
      if (await claim(draft, file)) return { release: () => release(file, mine) };
      await clearStale(file);
    }
  } finally {
    await rm(draft, { force: true });
  }
  throw locked(directory, "another process keeps taking it");
}

async function claim(draft: string, file: string): Promise<boolean> {
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Moves a dead holder's lock aside; if someone else's living lock was moved by that, it is put back. */
async function clearStale(file: string): Promise<void> {
  const text = await readFile(file, "utf8").catch(() => "");
  if (await isHeld(text)) throw locked(file, `process ${text.split(" ")[0]} holds it`);
  const aside = `${file}.${randomBytes(6).toString("hex")}`;
  const moved = await rename(file, aside).then(
    () => true,
    () => false,
  );
  if (!moved) return;
  const taken = await readFile(aside, "utf8").catch(() => "");
  if (taken !== text && (await isHeld(taken))) await link(aside, file).catch(() => undefined);
  await unlink(aside).catch(() => undefined);
}

async function isHeld(text: string): Promise<boolean> {
  const [pid, started] = text.trim().split(" ");
  const holder = Number(pid);
  if (!Number.isInteger(holder) || holder <= 0 || !isAlive(holder)) return false;
  return started === (await startOf(holder));
}

/** Ticks since boot at which a process started (proc(5), field 22); "-" where there is no /proc. */
async function startOf(pid: number): Promise<string> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return fields[19] ?? "-";
}

async function release(file: string, mine: string): Promise<void> {
  const held = await readFile(file, "utf8").catch(() => "");
  if (held === mine) await rm(file, { force: true });
}

function locked(where: string, why: string): CountersignError {
  return new CountersignError("directory-locked", `${where} is in use: ${why}`);
}
