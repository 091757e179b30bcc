import { existsSync } from "node:fs";
import { resolve } from "node:path";
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
  return openWorkspace({
    directory,
    clock: session.io.clock,
    warn: (line) => session.output.warn(safe`countersign: ${line}`),
  });
}
