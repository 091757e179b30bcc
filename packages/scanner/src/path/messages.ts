import type { Limits } from "../core/limits.js";
import type { FileReport } from "../core/report.js";

export interface Job {
  index: number;
  name: string;
  absolute: string;
  /** Where its name lies, when a link leads elsewhere. */
  directory?: string;
}

/** Parent to child. */
export interface Batch {
  jobs: Job[];
  limits: Limits;
  /** Where large unpacked members go while they are examined. */
  spillDirectory: string;
  /** Files from this size on are hashed by the parent while the child scans. */
  hashBelow: number;
}

export interface FileState {
  size: number;
  mtimeMs: number;
  ino: number;
}

export interface Done {
  index: number;
  report: FileReport;
  state: FileState | undefined;
}

/** Child to parent. */
export interface BatchDone {
  done: Done[];
}
