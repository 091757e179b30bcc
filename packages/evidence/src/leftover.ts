import { rmSync } from "node:fs";

/** Removes what a write that failed may have left. */
export function removeLeftover(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It was never there; why it could not be made is what counts.
  }
}
