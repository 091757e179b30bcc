import type { AssetDetail, AssetHistory, AssetNotice, AssetReference, AssetSupplier } from "@countersign/api";
import type { Digest } from "@countersign/evidence";
import type { AssetKind } from "@countersign/facts";
import {
  type Document,
  dayOf,
  diffDocuments,
  documentDigest,
  findCycles,
  noticesOf,
  printDocument,
  suppliersOf,
} from "@countersign/inventory";
import type { EntryStatus, VersionSummary, Workspace } from "@countersign/workspace";
import type pg from "pg";
import { below, keyOf } from "./graph.js";
import type { AssetName } from "./refresh.js";
import { COLUMNS, type Row, summary } from "./search.js";
import { noDocument } from "./service.js";
import { licencesOf, vendorFacts } from "./vendors.js";

interface Source {
  pool: pg.Pool;
  workspace: Workspace;
  clock: () => number;
}

const HISTORY = 50;
const VERSIONS = 10;

/** Who, what, where from, what allowed it, what uses it. */
export async function detail(source: Source, kind: AssetKind, name: string): Promise<AssetDetail> {
  const { pool, workspace, clock } = source;
  const { rows } = await pool.query<Row>(
    `select ${COLUMNS} from assets a where workspace = $1 and kind = $2 and name = $3`,
    [workspace.id, kind, name],
  );
  const [row] = rows;
  if (row === undefined) throw noDocument(kind, name);
  // From the log itself: what is shown as the document is the one that counts.
  const state = await workspace.asset(kind, name);
  const document = state?.document ?? null;
  const nodes = await below(pool, workspace.id, [{ kind, name }]);
  const key = keyOf({ kind, name });
  const rests = await suppliers(source, suppliersOf(key, nodes));
  return {
    ...summary(row),
    document: document as AssetDetail["document"],
    yaml: document === null ? "" : printDocument(document),
    digest: document === null ? null : documentDigest(document),
    principal: state?.principal ?? "",
    history: await history(source, kind, name),
    newest: await newest(source, kind, name),
    references: await references(source, kind, name),
    cycle: findCycles(nodes).find((cycle) => cycle.includes(key)) ?? [],
    suppliers: rests,
    licences: await licencesOf(pool, workspace.id, { kind, name }, clock()),
    notices: [...(document === null ? [] : noticesOf(document, dayOf(clock()))), ...supplierNotices(rests)],
  };
}

/** What is wrong with a supplier is wrong with all that rests on it. */
function supplierNotices(rests: readonly AssetSupplier[]): AssetNotice[] {
  const grave = rests.filter(({ sanctions }) => ["listed", "under-review"].includes(sanctions.status));
  return grave.map(({ name, sanctions }) => ({
    level: "warning",
    text: `It rests on ${name}. Sanctions: ${sanctions.status} (${sanctions.list}) since ${sanctions.from}.`,
  }));
}

async function suppliers(
  { pool, workspace, clock }: Source,
  found: readonly { name: string; single: boolean }[],
): Promise<AssetSupplier[]> {
  const names = found.map(({ name }) => name);
  const facts = await vendorFacts(pool, workspace.id, names, clock());
  return found.map(({ name, single }) => ({ name, single, ...facts(name) }));
}

interface Said {
  index: string;
  at: string;
  principal: string;
  envelope: Digest;
  status: EntryStatus;
  document: Document | null;
}

async function history({ pool, workspace }: Source, kind: AssetKind, name: string): Promise<AssetHistory[]> {
  const { rows } = await pool.query<Said>(
    `select index, at, principal, envelope, status, document from asset_statements
     where workspace = $1 and kind = $2 and name = $3 order by index desc limit $4`,
    [workspace.id, kind, name, HISTORY + 1],
  );
  return rows.slice(0, HISTORY).map((row, at) => {
    const before = rows[at + 1]?.document ?? null;
    const { principal, envelope, status, document } = row;
    const action = document === null ? "deleted" : before === null ? "created" : "updated";
    const changes = diffDocuments(document ?? undefined, before ?? undefined);
    return { index: Number(row.index), at: Number(row.at), principal, envelope, status, action, changes };
  });
}

async function newest({ pool, workspace }: Source, kind: AssetKind, name: string): Promise<VersionSummary[]> {
  const { rows } = await pool.query<{ artifact: Digest }>(
    `select artifact from asset_versions where workspace = $1 and kind = $2 and name = $3
     group by artifact order by max(index) desc limit $4`,
    [workspace.id, kind, name, VERSIONS],
  );
  return Promise.all(
    rows.map(async ({ artifact: digest }) => {
      const { artifact, index, at, decisions, environments } = await workspace.version(digest);
      return { name, artifact, index, at, decisions, environments };
    }),
  );
}

async function references(
  { pool, workspace }: Source,
  kind: AssetKind,
  name: string,
): Promise<AssetDetail["references"]> {
  const read = async (sql: string): Promise<AssetReference[]> =>
    (await pool.query<AssetName & { relation: string; known: boolean }>(sql, [workspace.id, kind, name]))
      .rows;
  return { out: await read(OUT), in: await read(IN) };
}

const OUT = `select r.to_kind as kind, r.to_name as name, r.relation, t.name is not null as known
  from asset_references r left join assets t on t.workspace = r.workspace and t.kind = r.to_kind and t.name = r.to_name
  where r.workspace = $1 and r.kind = $2 and r.name = $3 order by 3, 1, 2 limit 1000`;
const IN = `select kind, name, relation, true as known from asset_references
  where workspace = $1 and to_kind = $2 and to_name = $3 order by 3, 1, 2 limit 1000`;
