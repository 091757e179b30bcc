import { existsSync } from "node:fs";
import { CountersignError } from "@countersign/evidence";
import { layoutOf } from "@countersign/workspace";

export function requireWorkspace(directory: string): void {
  if (existsSync(layoutOf(directory).format)) return;
  throw new CountersignError("directory-missing", `there is no workspace at ${directory}`, {
    detail: { remedy: "--workspace-dir DIR or --data DIR   (a directory that holds a file named FORMAT)" },
  });
}
