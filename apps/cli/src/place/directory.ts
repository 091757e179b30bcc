import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { CountersignError } from "@countersign/evidence";
import { layoutOf, openWorkspace, type Workspace } from "@countersign/workspace";
import type { Session } from "../session.js";
import { safe } from "../terminal/safe.js";

const STANDARD = ".countersign";

export function workspaceDirectory(session: Session): string {
  return resolve(session.io.cwd, session.global.workspaceDir ?? STANDARD);
}

export function workspaceExists(session: Session): boolean {
  return existsSync(layoutOf(workspaceDirectory(session)).format);
}

/** Opens the local workspace; makes it where `create` allows, and says so. */
export async function openDirectory(session: Session, create: boolean): Promise<Workspace> {
  const directory = workspaceDirectory(session);
  const made = !workspaceExists(session);
  if (made && !create) {
    throw new CountersignError("directory-missing", `there is no workspace at ${directory}`, {
      detail: {
        remedy: "countersign admit PATH --name NAME   (makes one; or name another with --workspace-dir)",
      },
    });
  }
  if (made) session.output.warn(safe`countersign: making a new workspace in ${directory}`);
  return patiently(session, () =>
    openWorkspace({
      directory,
      clock: session.io.clock,
      warn: (line) => session.output.warn(safe`countersign: ${line}`),
    }),
  );
}

const PATIENCE_MS = 10_000;

/** One process at a time has a workspace. Two commands of one script should take turns rather than fail. */
async function patiently<T>({ io, output }: Session, open: () => Promise<T>): Promise<T> {
  const until = io.clock() + PATIENCE_MS;
  for (;;) {
    try {
      return await open();
    } catch (error) {
      const locked = error instanceof CountersignError && error.code === "directory-locked";
      if (!locked || io.clock() > until) throw error;
    }
    output.note(safe`countersign: waiting for another command on this workspace`);
    // Not in step: two that met once would meet again.
    await setTimeout(50 + Math.random() * 200, undefined, { signal: io.signal });
  }
}
