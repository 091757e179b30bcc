import { createHash, randomBytes } from "node:crypto";
import { mkdir, open, readdir, readFile, readlink, rm, stat, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fault } from "./faults.js";

/** The holder shows that it lives; whoever cannot see its process waits for that much longer than the interval. */
const BEAT_MS = 2_000;
const WATCH_MS = 7_000;

/**
 * One writer for a directory, through `kill -9` and without a call that Node lacks (flock). Each contender first puts up a claim
 * whose name says who it is, then looks at the others: the dead ones are cleared away, a living one wins. Of two at the same
 * moment at least one sees the other, so never do both go on; and as a claim is only ever removed by its owner or after its
 * owner's death, there is no moment at which a new claim can be taken for a stale one.
 */
export async function lockDirectory(
  directory: string,
  watchMs: number = WATCH_MS,
): Promise<() => Promise<void>> {
  const claims = join(directory, "lock");
  await mkdir(claims, { recursive: true });
  const here = await place();
  const own = `${process.pid}-${await startTime(process.pid)}-${here}-${randomBytes(6).toString("hex")}`;
  const path = join(claims, own);
  await (await open(path, "wx", 0o600)).close();
  const beat = setInterval(() => void touch(path).catch(() => undefined), BEAT_MS);
  beat.unref();
  const release = async (): Promise<void> => {
    clearInterval(beat);
    await rm(path, { force: true });
  };
  try {
    const others = (await readdir(claims)).filter((name) => name !== own);
    await Promise.all(others.map((other) => clear(join(claims, other), other, here, watchMs)));
  } catch (error) {
    await release();
    throw error;
  }
  return release;
}

async function touch(path: string): Promise<void> {
  // Any two different times will do: only whether it changes is looked at.
  const now = performance.timeOrigin + performance.now();
  await utimes(path, now / 1000, now / 1000);
}

/** Removes a dead claim; throws for a living one. */
async function clear(path: string, claim: string, here: string, watchMs: number): Promise<void> {
  const [, pid = "", start = "", there = ""] = /^(\d+)-(\d+)-([0-9a-f]+)-[0-9a-f]+$/.exec(claim) ?? [];
  const alive = there === here ? await isRunning(Number(pid), start) : await showsLife(path, watchMs);
  if (!alive) return rm(path, { force: true });
  throw fault(
    "directory-locked",
    `another process (${pid}) holds ${path.replace(/\/lock\/.*$/, "")}: stop it first`,
    { pid },
  );
}

async function isRunning(pid: number, start: string): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return false;
  }
  return (await startTime(pid)) === start;
}

/** Another container or machine on the same files: its process ids say nothing here, so its claim is watched. */
async function showsLife(path: string, watchMs: number): Promise<boolean> {
  const modified = async (): Promise<number> => (await stat(path).catch(() => undefined))?.mtimeMs ?? 0;
  const before = await modified();
  await sleep(before === 0 ? 0 : watchMs);
  return (await modified()) !== before;
}

/** Where process ids mean the same: a boot of a machine, and a process namespace on it. */
async function place(): Promise<string> {
  const boot = await readFile("/proc/sys/kernel/random/boot_id", "latin1").catch(() => hostname());
  const namespace = await readlink("/proc/self/ns/pid").catch(() => "");
  return createHash("sha256").update(`${boot}${namespace}`).digest("hex").slice(0, 16);
}

/** When a process began, in the kernel's ticks, so that a reused process id is not taken for the old owner; 0 if unknown. */
async function startTime(pid: number): Promise<string> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, "latin1");
    // The second field, the command, may hold spaces and brackets: count from the last bracket.
    return text.slice(text.lastIndexOf(")") + 2).split(" ")[19] ?? "0";
  } catch {
    return "0";
  }
}
