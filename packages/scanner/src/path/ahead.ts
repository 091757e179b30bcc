import type { ChildProcess } from "node:child_process";
import { startChild } from "./pool.js";

export const HEAP_MEGABYTES = 1024;

let ahead: ChildProcess | undefined;

/** Starts a scanning process before it is known what to scan: a command has it ready when the rest of it is loaded. */
export function startAhead(): void {
  ahead ??= startChild(HEAP_MEGABYTES);
}

/** The process that was started ahead, if it still runs, or a new one. */
export function takeChild(): ChildProcess {
  const child = ahead;
  ahead = undefined;
  return child?.exitCode === null && child.signalCode === null ? child : startChild(HEAP_MEGABYTES);
}
