import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fault } from "./faults.js";

/**
 * One writer for a directory, through `kill -9` and without a call that Node lacks (flock). Each contender first puts up a claim
 * whose name says who it is, then looks at the others: the dead ones are cleared away, a living one wins. Of two at the same
 * moment at least one sees the other, so never do both go on; and as a claim is only ever removed by its owner or after its
 * owner's death, there is no moment at which a new claim can be taken for a stale one.
 */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  const claims = join(directory, "lock");
  await mkdir(claims, { recursive: true });
  const own = `${process.pid}-${await startTime(process.pid)}-${randomBytes(6).toString("hex")}`;
  const release = () => rm(join(claims, own), { force: true });
  const handle = await open(join(claims, own), "wx", 0o600);
  await handle.close();
  for (const other of await readdir(claims)) {
    if (other === own) continue;
    if (await isAlive(other)) {
      await release();
      const pid = other.split("-")[0];
      throw fault("directory-locked", `another process (${pid}) holds ${directory}: stop it first`, {
        directory,
        pid,
      });
    }
    await rm(join(claims, other), { force: true });
  }
  return release;
}

async function isAlive(claim: string): Promise<boolean> {
  const [, pid, start] = /^(\d+)-(\d+)-[0-9a-f]+$/.exec(claim) ?? [];
  if (!pid || !start || !exists(Number(pid))) return false;
  return (await startTime(Number(pid))) === start;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** When a process began, in the kernel's ticks, so that a reused process id is not taken for the old owner; 0 if unknown. */
async function startTime(pid: number): Promise<string> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "latin1");
    // The second field, the command, may hold spaces and brackets: count from the last bracket.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "0";
  } catch {
    return "0";
  }
}
