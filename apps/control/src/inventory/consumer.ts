import { CountersignError, type Statement } from "@countersign/evidence";
import type { AssetKind, AssetPredicate, Judged, ManifestPredicate } from "@countersign/facts";
import { ASSET_KINDS, parseAssetName } from "@countersign/facts";
import { checkDocument } from "@countersign/inventory";
import type pg from "pg";
import type { Consumer } from "../consumers/consumer.js";
import { type AssetName, refresh } from "./refresh.js";

interface VersionRow extends AssetName {
  index: number;
  artifact: string;
  at: number;
}

interface StatementRow extends AssetName {
  index: number;
  envelope: string;
  at: number;
  principal: string;
  status: string;
  document: string | null;
}

/** Keeps the tables of the inventory: documents, versions and who refers to whom. */
export function inventoryConsumer(workspace: string, read: (index: number) => Promise<Judged>): Consumer {
  return {
    name: "inventory",
    predicates: ["asset", "manifest", "revocation", "tombstone"],
    apply: async (client, items) => {
      const versions = items.flatMap(versionRows);
      const statements = items.flatMap(statementRow);
      await insertVersions(client, workspace, versions);
      await insertStatements(client, workspace, statements);
      const revoked = await judgeAgain(client, workspace, items, read);
      await refresh(client, workspace, [...versions, ...statements, ...revoked]);
    },
    forget: async (client) => {
      for (const table of ["assets", "asset_references", "asset_versions", "asset_statements"]) {
        await client.query(`delete from ${table} where workspace = $1`, [workspace]);
      }
    },
  };
}

function versionRows({ entry, statement, status }: Judged): VersionRow[] {
  if (entry.predicate !== "manifest" || status !== "held" || !isManifest(statement)) return [];
  return statement.subject.flatMap(({ name, digest }) => {
    if (name === undefined || digest.sha256 === undefined) return [];
    return [
      { ...parseAssetName(name), index: entry.index, artifact: `sha256:${digest.sha256}`, at: entry.at },
    ];
  });
}

const isManifest = (statement: Statement | undefined): statement is Statement<ManifestPredicate> =>
  statement !== undefined;

function statementRow({ entry, statement, status }: Judged): StatementRow[] {
  if (entry.predicate !== "asset" || statement === undefined) return [];
  const { kind, name, document, principal } = statement.predicate as AssetPredicate;
  const known = ASSET_KINDS.find((one) => one === kind);
  if (known === undefined) return [];
  const { index, envelope, at } = entry;
  return [
    { kind: known, name, index, envelope, at, principal, status, document: readable(document, known, name) },
  ];
}

/** What another build wrote and this one cannot read is listed as undeclared: it must not stand in the way of what follows. */
function readable(document: object | null, kind: AssetKind, name: string): string | null {
  if (document === null) return null;
  try {
    const read = checkDocument(document);
    return read.kind === kind && read.metadata.name === name ? JSON.stringify(read) : null;
  } catch (error) {
    if (error instanceof CountersignError) return null;
    throw error;
  }
}

async function insertVersions(client: pg.PoolClient, workspace: string, rows: VersionRow[]): Promise<void> {
  if (rows.length === 0) return;
  await client.query(
    `insert into asset_versions (workspace, kind, name, index, artifact, at)
     select $1, * from unnest($2::text[], $3::text[], $4::bigint[], $5::text[], $6::bigint[])
     on conflict do nothing`,
    [workspace, ...columns(rows, ["kind", "name", "index", "artifact", "at"])],
  );
}

async function insertStatements(
  client: pg.PoolClient,
  workspace: string,
  rows: StatementRow[],
): Promise<void> {
  if (rows.length === 0) return;
  await client.query(
    `insert into asset_statements (workspace, kind, name, index, envelope, at, principal, status, document)
     select $1, kind, name, index, envelope, at, principal, status, document::json from unnest(
       $2::text[], $3::text[], $4::bigint[], $5::text[], $6::bigint[], $7::text[], $8::text[], $9::text[]
     ) as row (kind, name, index, envelope, at, principal, status, document)
     on conflict do nothing`,
    [
      workspace,
      ...columns(rows, ["kind", "name", "index", "envelope", "at", "principal", "status", "document"]),
    ],
  );
}

const columns = <R>(rows: readonly R[], names: readonly (keyof R)[]): unknown[][] =>
  names.map((name) => rows.map((row) => row[name]));

/** Documents that a revocation or a tombstone names do not count any more; which still do is asked again. */
async function judgeAgain(
  client: pg.PoolClient,
  workspace: string,
  items: readonly Judged[],
  read: (index: number) => Promise<Judged>,
): Promise<AssetName[]> {
  const named = items.flatMap(({ entry }) =>
    entry.predicate === "revocation" || entry.predicate === "tombstone" ? entry.subjects : [],
  );
  if (named.length === 0) return [];
  const { rows } = await client.query<AssetName & { index: string }>(
    "select kind, name, index from asset_statements where workspace = $1 and envelope = any($2)",
    [workspace, named],
  );
  for (const { kind, name, index } of rows) {
    const { status } = await read(Number(index));
    await client.query(
      "update asset_statements set status = $5 where workspace = $1 and kind = $2 and name = $3 and index = $4",
      [workspace, kind, name, index, status],
    );
  }
  return rows;
}
