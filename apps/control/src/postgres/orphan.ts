import { execFile } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { CountersignError } from "@countersign/evidence";

const run = promisify(execFile);

/**
 * A server killed with -9 leaves its PostgreSQL running. Whoever holds the lock of the data directory owns the
 * cluster, so a postmaster that is found then is an orphan: it is asked to stop (fast), then told to (immediate).
 */
export async function stopOrphan(data: string, warn: (line: string) => void): Promise<void> {
  const file = join(data, "postmaster.pid");
  const pid = Number.parseInt((await readFile(file, "utf8").catch(() => "")).split("\n")[0] ?? "", 10);
  // Of a dead process the file stays: PostgreSQL finds by it whether backends of the dead one still live.
  if (!Number.isInteger(pid) || pid <= 1 || !isAlive(pid)) return;
  if (!(await runsCluster(pid, data))) {
    await rm(file, { force: true });
    return;
  }
  warn(`stopping PostgreSQL ${pid}, which an earlier server left behind`);
  for (const signal of ["SIGINT", "SIGQUIT", "SIGKILL"] as const) {
    signalProcess(pid, signal);
    if (await ended(pid, 5_000)) return;
  }
  throw new CountersignError("directory-locked", `PostgreSQL ${pid} still runs on ${data} and does not stop`);
}

/** A process id can have been given to someone else since: only a postgres on this very cluster counts. */
async function runsCluster(pid: number, data: string): Promise<boolean> {
  const shown = await readFile(`/proc/${pid}/cmdline`, "utf8")
    .then((text) => text.replaceAll("\0", " "))
    .catch(() =>
      run("ps", ["-p", String(pid), "-o", "command="]).then(
        (result) => result.stdout,
        () => "",
      ),
    );
  return shown.includes("postgres") && shown.includes(data);
}

async function ended(pid: number, patience: number): Promise<boolean> {
  for (const start = Date.now(); Date.now() - start < patience; await sleep(20)) {
    if (!isAlive(pid)) return true;
  }
  return !isAlive(pid);
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself in between.
  }
}
