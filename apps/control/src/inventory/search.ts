import type { AssetFilter, AssetSummary, Page } from "@countersign/api";
import { CountersignError } from "@countersign/evidence";
import type { AssetKind } from "@countersign/facts";
import type pg from "pg";
import type { Frequencies } from "./frequency.js";
import { termsOf, tsquery } from "./words.js";

export interface Row {
  kind: AssetKind;
  name: string;
  title: string;
  owner: string;
  tags: Record<string, string>;
  declared: boolean;
  index: string;
  at: string;
  versions: number;
  dangling: number;
}

interface Source {
  pool: pg.Pool;
  workspace: string;
  frequencies: Frequencies;
}

/** Where a page ends: the order is by newest entry, then by kind and name. */
type Position = [index: number, kind: string, name: string];

const FIRST: Position = [Number.MAX_SAFE_INTEGER, "~", "~"];
/** Of the newest assets, how many are looked through before the index is asked. */
const WINDOW = 4_000;
const WIDEST = 20_000;

/** A page of the assets that a filter lets through, last changed first. */
export async function search(
  { pool, workspace, frequencies }: Source,
  filter: AssetFilter,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<Page<AssetSummary>> {
  const from = cursor === undefined ? FIRST : decode(cursor);
  const rows = await find({ pool, workspace, frequencies }, filter, limit, from);
  const last = rows.at(-1);
  const next = last === undefined ? null : encode([Number(last.index), last.kind, last.name]);
  return { items: rows.map(summary), nextCursor: rows.length === limit ? next : null };
}

export function summary(row: Row): AssetSummary {
  const { kind, name, title, owner, tags, declared, versions, dangling } = row;
  const index = Number(row.index);
  return { kind, name, title, owner, tags, declared, updatedAt: Number(row.at), index, versions, dangling };
}

async function find(
  { pool, workspace, frequencies }: Source,
  filter: AssetFilter,
  limit: number,
  from: Position,
): Promise<Row[]> {
  const prefix = digestPrefix(filter.query);
  if (prefix !== undefined) {
    const rest = tsquery(termsOf({ ...filter, query: "" })) || null;
    const { rows } = await pool.query<Row>(BY_DIGEST, [workspace, ...from, limit, rest, prefix]);
    if (rows.length > 0) return rows;
  }
  const terms = termsOf(filter);
  const values = [workspace, ...from, limit];
  if (terms.length === 0) return (await pool.query<Row>(ALL, values)).rows;
  const query = tsquery(terms);
  // What many assets match is soon found among the newest; what few match, the index finds. Asked for common words, the index
  // would gather every asset that has them before it could sort them.
  for (let window = WINDOW; window <= WIDEST; ) {
    const near = await pool.query<Row>(AMONG_NEWEST, [...values, query, window]);
    if (near.rows.length === limit) return near.rows;
    window = Math.max(window + 1, Math.ceil((window * limit * 1.5) / Math.max(near.rows.length, 1)));
  }
  const asked = tsquery(await frequencies.worthAsking(terms));
  return (await pool.query<Row>(BY_INDEX, [...values, query, asked])).rows;
}

function digestPrefix(query: string | undefined): string | undefined {
  const [, hex] = /^\s*(?:sha256:)?([0-9a-f]{8,64})\s*$/.exec(query ?? "") ?? [];
  return hex === undefined ? undefined : `sha256:${hex}`;
}

const DANGLING = `(select count(*)::integer from asset_references r where r.workspace = a.workspace and r.kind = a.kind
  and r.name = a.name and not exists (select from assets t where t.workspace = r.workspace and t.kind = r.to_kind
  and t.name = r.to_name)) as dangling`;
export const COLUMNS = `a.kind, a.name, a.title, a.owner, a.tags, a.declared, a.index, a.at, a.versions, ${DANGLING}`;
const BELOW = "workspace = $1 and (index, kind, name) < ($2, $3::text, $4::text)";
const ORDER = "order by index desc, kind desc, name desc";

// The page is cut first: what it costs to count dangling references is paid for the rows that are shown.
const page = (found: string): string => `select ${COLUMNS} from (${found} ${ORDER} limit $5) a ${ORDER}`;

const ALL = page(`select * from assets where ${BELOW}`);
const AMONG_NEWEST = page(
  `select * from (select * from assets where ${BELOW} ${ORDER} limit $7) recent where words @@ $6::tsquery`,
);
const BY_INDEX = page(
  `select * from (select * from assets where words @@ $7::tsquery offset 0) found
   where words @@ $6::tsquery and ${BELOW}`,
);
const BY_DIGEST = page(
  `select * from assets where ${BELOW} and ($6::text is null or words @@ $6::tsquery) and (kind, name) in
   (select kind, name from asset_versions where workspace = $1 and artifact >= $7 and artifact < $7 || 'g')`,
);

const isPlain = (value: unknown): value is string => typeof value === "string" && !value.includes("\0");

function encode(position: Position): string {
  return Buffer.from(JSON.stringify(position)).toString("base64url");
}

function decode(cursor: string): Position {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    if (Array.isArray(value) && value.length === 3) {
      const [index, kind, name]: unknown[] = value;
      if (Number.isSafeInteger(index) && isPlain(kind) && isPlain(name)) return [Number(index), kind, name];
    }
  } catch {
    // Said below: what is no JSON is no cursor of ours either.
  }
  throw new CountersignError("bad-request", "the cursor is not one that this list gave; start without it");
}
