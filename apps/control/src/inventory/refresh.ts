import type { AssetKind } from "@countersign/facts";
import type { Document } from "@countersign/inventory";
import { referencesOf, tagStatements } from "@countersign/inventory";
import type pg from "pg";
import { lexemesOf } from "./words.js";

export interface AssetName {
  kind: AssetKind;
  name: string;
}

interface Said extends AssetName {
  index: string;
  at: string;
  principal: string;
  document: Document | null;
}

interface Counted extends AssetName {
  versions: number;
  index: string;
  at: string;
}

interface Row extends AssetName {
  document: Document | null;
  index: number;
  at: number;
  principal: string;
  versions: number;
}

/** Writes the rows of the named assets anew from their statements and versions. */
export async function refresh(
  client: pg.PoolClient,
  workspace: string,
  named: readonly AssetName[],
): Promise<void> {
  const assets = new Map(named.map(({ kind, name }) => [`${kind}:${name}`, { kind, name }]));
  if (assets.size === 0) return;
  const list = [...assets.values()];
  const keys = [workspace, list.map(({ kind }) => kind), list.map(({ name }) => name)];
  const said = await client.query<Said>(NEWEST_STATEMENTS, keys);
  const counted = await client.query<Counted>(COUNTED_VERSIONS, keys);
  const rows = merge(said.rows, counted.rows);
  await client.query(`delete from assets where ${NAMED}`, keys);
  await client.query(`delete from asset_references where ${NAMED}`, keys);
  await insertAssets(client, workspace, rows);
  await insertReferences(client, workspace, rows);
}

const NAMED = "workspace = $1 and (kind, name) in (select * from unnest($2::text[], $3::text[]))";

const NEWEST_STATEMENTS = `
  select distinct on (kind, name) kind, name, index, at, principal, document from asset_statements
  where ${NAMED} and status = 'held' order by kind, name, index desc`;

const COUNTED_VERSIONS = `
  select kind, name, count(distinct artifact)::integer as versions, max(index) as index, max(at) as at
  from asset_versions where ${NAMED} group by kind, name`;

function merge(said: readonly Said[], counted: readonly Counted[]): Row[] {
  const rows = new Map<string, Row>();
  for (const { kind, name, versions, index, at } of counted) {
    const row = { kind, name, document: null, principal: "", versions, index: Number(index), at: Number(at) };
    rows.set(`${kind}:${name}`, row);
  }
  for (const { kind, name, document, principal, index, at } of said) {
    const row = rows.get(`${kind}:${name}`);
    // Taken out of the inventory, and no version of it was ever admitted: nothing is left to list.
    if (document === null && row === undefined) continue;
    rows.set(`${kind}:${name}`, {
      kind,
      name,
      document,
      principal,
      versions: row?.versions ?? 0,
      index: Math.max(Number(index), row?.index ?? 0),
      at: Math.max(Number(at), row?.at ?? 0),
    });
  }
  return [...rows.values()];
}

async function insertAssets(client: pg.PoolClient, workspace: string, rows: Row[]): Promise<void> {
  if (rows.length === 0) return;
  const columns = rows.map((row) => {
    const { kind, name, document, principal, index, at, versions } = row;
    const { title = "", owner = "" } = document?.metadata ?? {};
    const tags = document === null ? {} : plainTags(document);
    return {
      kind,
      name,
      title,
      owner: tags.owner ?? owner,
      tags: JSON.stringify(tags),
      declared: document !== null,
      document: document === null ? null : JSON.stringify(document),
      principal,
      index,
      at,
      versions,
      words: JSON.stringify(lexemesOf(row)),
    };
  });
  await client.query(INSERT_ASSETS, [workspace, JSON.stringify(columns)]);
}

// A row's words come as a JSON array: arrays of arrays have no place in unnest.
const INSERT_ASSETS = `
  insert into assets (workspace, kind, name, title, owner, tags, declared, document, principal, index, at, versions, words)
  select $1, kind, name, title, owner, tags::json, declared, document::json, principal, index, at, versions,
    array_to_tsvector(array(select json_array_elements_text(words::json)))
  from json_to_recordset($2::json) as row (kind text, name text, title text, owner text, tags text, declared boolean,
    document text, principal text, index bigint, at bigint, versions integer, words text)`;

function plainTags(document: Document): Record<string, string> {
  const { licence, tags } = tagStatements(document);
  return licence === undefined ? tags : { ...tags, licence };
}

async function insertReferences(client: pg.PoolClient, workspace: string, rows: Row[]): Promise<void> {
  const references = rows.flatMap(({ kind, name, document }) =>
    document === null
      ? []
      : referencesOf(document).map((to) => [kind, name, to.relation, to.kind, to.name] as const),
  );
  if (references.length === 0) return;
  const columns = [0, 1, 2, 3, 4].map((at) => references.map((reference) => reference[at]));
  await client.query(
    `insert into asset_references (workspace, kind, name, relation, to_kind, to_name)
     select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[]) on conflict do nothing`,
    [workspace, ...columns],
  );
}
