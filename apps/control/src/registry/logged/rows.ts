import type { TagRow } from "../rows.js";

const STATUSES = [
  "LOGGED_MODEL_STATUS_UNSPECIFIED",
  "LOGGED_MODEL_PENDING",
  "LOGGED_MODEL_READY",
  "LOGGED_MODEL_UPLOAD_FAILED",
] as const;

/** MLflow's number for a model whose files are all there. */
export const READY = 2;

export interface LoggedModelRow {
  id: string;
  experiment: string;
  name: string;
  type: string;
  run: string;
  /** MLflow's own number. */
  status: number;
  principal: string;
  createdAt: number;
  updatedAt: number;
}

export const LOGGED_COLUMNS = `l.id, l.experiment, l.name, l.type, l.run, l.status, l.principal,
  l.created_at as "createdAt", l.updated_at as "updatedAt"`;

/** In the JSON form of protocol buffers it is a name, in some clients' a number. */
export function parseLoggedStatus(value: unknown): number | undefined {
  const named = (STATUSES as readonly unknown[]).indexOf(value);
  const status = named >= 0 ? named : value;
  return typeof status === "number" && Number.isInteger(status) && status > 0 && status < STATUSES.length
    ? status
    : undefined;
}

export function statusName(status: number): string {
  return STATUSES[status] ?? STATUSES[0];
}

/** A status as a filter names it. */
export function statusWord(name: string): number {
  return ["UNSPECIFIED", "PENDING", "READY", "FAILED"].indexOf(name.toUpperCase());
}

export interface LoggedMetric {
  model: string;
  key: string;
  run: string;
  step: number;
  timestamp: number;
  value: number;
  datasetName: string;
  datasetDigest: string;
}

export interface LoggedDetail {
  tags: TagRow[];
  params: TagRow[];
  metrics: LoggedMetric[];
  registrations: { name: string; version: number }[];
}
