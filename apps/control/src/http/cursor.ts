import type { Page, PageQuery } from "@countersign/api";
import { CountersignError } from "@countersign/evidence";

export const DEFAULT_LIMIT = 50;

/** Opaque to callers; inside, the position that the page before ended with. */
export function encodeCursor(kind: string, position: number): string {
  return Buffer.from(`${kind}:${position}`).toString("base64url");
}

export function decodeCursor(kind: string, cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined;
  const [, position] =
    new RegExp(`^${kind}:(\\d{1,15})$`).exec(Buffer.from(cursor, "base64url").toString("latin1")) ?? [];
  if (position === undefined || encodeCursor(kind, Number(position)) !== cursor) {
    throw new CountersignError("bad-request", "the cursor is not one that this list gave; start without it");
  }
  return Number(position);
}

/** A page of things that stand in the log, newest first. A full page says that there may be more. */
export async function pageOf<T extends { index: number }>(
  kind: string,
  query: PageQuery,
  read: (limit: number, before: number | undefined) => Promise<T[]>,
): Promise<Page<T>> {
  const limit = query.limit ?? DEFAULT_LIMIT;
  const items = await read(limit, decodeCursor(kind, query.cursor));
  const last = items.at(-1);
  return { items, nextCursor: items.length === limit && last ? encodeCursor(kind, last.index) : null };
}
