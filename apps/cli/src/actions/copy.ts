import { cpSync, existsSync, renameSync, rmSync } from "node:fs";
import { relative } from "node:path";
import { CountersignError, fileFault } from "@countersign/evidence";
import { layoutOf } from "@countersign/workspace";

/** What is made anew from the log, or belongs to a process: neither is evidence. */
const LEFT_OUT = new Set(["postgres", "server.lock", "staging", "log/lock", "log/staged"]);

export function requireWorkspace(directory: string): void {
  if (existsSync(layoutOf(directory).format)) return;
  throw new CountersignError("directory-missing", `there is no workspace at ${directory}`, {
    detail: { remedy: "countersign status   (shows where the workspace is)" },
  });
}

export function requireFree(path: string): void {
  if (!existsSync(path)) return;
  throw new CountersignError("conflict", `${path} exists already and is not overwritten`, {
    detail: { remedy: "name a path where nothing is yet" },
  });
}

/** Copies under another name, lets `check` look at it, and only then gives it its own: no half copy ever looks whole. */
export async function copyWhole<T>(
  from: string,
  to: string,
  check: (copy: string) => Promise<T>,
): Promise<T> {
  const partial = `${to}.partial`;
  try {
    rmSync(partial, { recursive: true, force: true });
    cpSync(from, partial, {
      recursive: true,
      preserveTimestamps: true,
      filter: (path) => !LEFT_OUT.has(relative(from, path)),
    });
    const answer = await check(partial);
    for (const name of LEFT_OUT) rmSync(`${partial}/${name}`, { recursive: true, force: true });
    renameSync(partial, to);
    return answer;
  } catch (cause) {
    rmSync(partial, { recursive: true, force: true });
    throw fileFault(to, cause);
  }
}
