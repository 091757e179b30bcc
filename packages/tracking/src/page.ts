import { invalid } from "./error.js";
import { type Fields, optionalInteger, optionalText } from "./fields.js";

export interface Window {
  offset: number;
  limit: number;
}

/** Where a page of a search begins, and how long it may be. */
export function parseWindow(input: Fields, fallback: number, most: number): Window {
  const limit = optionalInteger(input, "max_results") ?? fallback;
  if (limit < 1 || limit > most) {
    throw invalid(
      `Invalid value ${limit} for parameter 'max_results' supplied. It must be between 1 and ${most}.`,
    );
  }
  return { offset: offsetOf(optionalText(input, "page_token")), limit };
}

export function pageToken(offset: number): string {
  return Buffer.from(JSON.stringify({ offset })).toString("base64");
}

function offsetOf(token: string | undefined): number {
  if (token === undefined || token === "") return 0;
  const found = /^\{"offset":\s?(\d{1,15})\}$/.exec(Buffer.from(token, "base64").toString("utf8"))?.[1];
  if (found === undefined) throw invalid("Invalid page token. Start again without it.");
  return Number(found);
}

/** One row more was read than the page holds, to know whether there is another page. */
export function cutPage<T>(rows: readonly T[], { offset, limit }: Window): { rows: T[]; token?: string } {
  if (rows.length <= limit) return { rows: [...rows] };
  return { rows: rows.slice(0, limit), token: pageToken(offset + limit) };
}

export type Stage = "active" | "deleted";

export function parseStages(input: Fields, field: string): Stage[] {
  const view = input[field] ?? "ACTIVE_ONLY";
  if (view === "ACTIVE_ONLY" || view === 1) return ["active"];
  if (view === "DELETED_ONLY" || view === 2) return ["deleted"];
  if (view === "ALL" || view === 3) return ["active", "deleted"];
  throw invalid(`Invalid value for parameter '${field}': use ACTIVE_ONLY, DELETED_ONLY or ALL.`);
}

const STATUSES = ["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"] as const;
export type RunStatus = (typeof STATUSES)[number];

export function parseStatus(input: Fields): RunStatus | undefined {
  const { status } = input;
  if (status === undefined || status === null) return undefined;
  const found = STATUSES.find((name, i) => name === status || i + 1 === status);
  if (found) return found;
  throw invalid(`Invalid value for parameter 'status': use one of ${STATUSES.join(", ")}.`);
}

export function isTerminal(status: RunStatus): boolean {
  return status === "FINISHED" || status === "FAILED" || status === "KILLED";
}
