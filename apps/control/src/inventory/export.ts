import type { AssetDocument, ExportQuery, Page } from "@countersign/api";
import { CountersignError } from "@countersign/evidence";
import { canonicalDocument, type Document } from "@countersign/inventory";
import type pg from "pg";

const LIMIT = 500;

/** Documents by kind and name, a page at a time. */
export async function exportPage(
  pool: pg.Pool,
  workspace: string,
  { kind, cursor, limit = LIMIT }: ExportQuery,
): Promise<Page<AssetDocument>> {
  const { rows } = await pool.query<{ kind: string; name: string; document: Document }>(
    `select kind, name, document from assets where workspace = $1 and declared
     and (kind, name) > ($2, $3::text) and ($4::text is null or kind = $4) order by kind, name limit $5`,
    [workspace, ...decode(cursor), kind ?? null, limit],
  );
  const last = rows.at(-1);
  const items = rows.map(({ document }) => canonicalDocument(document) as unknown as AssetDocument);
  const more = rows.length === limit && last !== undefined;
  return { items, nextCursor: more ? encode([last.kind, last.name]) : null };
}

function encode(position: [kind: string, name: string]): string {
  return Buffer.from(position.join(":")).toString("base64url");
}

function decode(cursor: string | undefined): [kind: string, name: string] {
  if (cursor === undefined) return ["", ""];
  const text = Buffer.from(cursor, "base64url").toString();
  const at = text.indexOf(":");
  if (at < 1 || text.includes("\0") || encode([text.slice(0, at), text.slice(at + 1)]) !== cursor) {
    throw new CountersignError("bad-request", "the cursor is not one that this list gave; start without it");
  }
  return [text.slice(0, at), text.slice(at + 1)];
}
