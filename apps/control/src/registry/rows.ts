import type { Digest } from "@countersign/evidence";
import type pg from "pg";
import type { Stage } from "./names.js";

/** A pool, or one connection within a transaction. */
export type Connection = Pick<pg.PoolClient, "query">;

type VersionStatus = "PENDING_REGISTRATION" | "FAILED_REGISTRATION" | "READY";

export interface ModelRow {
  id: string;
  name: string;
  description: string;
  /** Prompts are kept beside models and have no artifacts. */
  prompt: boolean;
  principal: string;
  createdAt: number;
  updatedAt: number;
}

export interface VersionRow {
  model: string;
  version: number;
  source: string;
  run: string;
  runLink: string;
  loggedModel: string;
  /** Where its sealed artifacts are; null: its bytes are not in this server's store. */
  root: string | null;
  /** What the bytes below `root` hash to, once they have been read. Never believed: see `bytes.ts`. */
  artifact: Digest | null;
  description: string;
  status: VersionStatus;
  message: string;
  stage: Stage;
  principal: string;
  /** The job that reads its bytes. */
  job: string;
  createdAt: number;
  updatedAt: number;
}

export interface AliasRow {
  model: string;
  alias: string;
  version: number;
}

export interface TagRow {
  key: string;
  value: string;
}

export const MODEL_COLUMNS = `id, name, description, prompt, principal,
  created_at as "createdAt", updated_at as "updatedAt"`;

export const VERSION_COLUMNS = `v.model, v.version, v.source, v.run, v.run_link as "runLink",
  v.logged_model as "loggedModel", v.root, v.artifact, v.description, v.status, v.message, v.stage, v.principal, v.job,
  v.created_at as "createdAt", v.updated_at as "updatedAt"`;

type Times = { createdAt: number; updatedAt: number };
export type Raw<T extends Times> = Omit<T, keyof Times> & { createdAt: string; updatedAt: string };

/** The driver gives 64-bit integers as texts. */
export function timed<T extends Times>(row: Raw<T>): T {
  return { ...row, createdAt: Number(row.createdAt), updatedAt: Number(row.updatedAt) } as unknown as T;
}
