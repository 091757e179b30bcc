import type { S3 } from "@countersign/datasets";
import type { Workspace } from "@countersign/workspace";
import type pg from "pg";
import type { Runner } from "../consumers/runner.js";
import type { DataRoots, Fingerprints } from "./fingerprint.js";
import type { DatasetFiles } from "./store.js";
import type { SubjectKey } from "./subjects.js";

/** What the work on datasets needs. */
export interface DatasetParts {
  workspace: Workspace;
  pool: pg.Pool;
  clock: () => number;
  files: DatasetFiles;
  roots: DataRoots;
  fingerprints: Fingerprints;
  subjects: SubjectKey;
  /** Absent: no S3-compatible storage is configured. */
  storage: S3 | undefined;
  /** Keeps the tables abreast of the log. */
  runner: Runner;
}
