import { type Place, readPredicate } from "@countersign/datasets";
import type { Statement } from "@countersign/evidence";
import type { Entry, ManifestPredicate } from "@countersign/facts";
import { parseAssetName } from "@countersign/facts";
import type pg from "pg";
import type { Consumer } from "../consumers/consumer.js";

/** Tables of datasets, for lists: what decides anything is read from the log itself (`history.ts`). */
export function datasetConsumer(workspace: string): Consumer {
  return {
    name: "datasets",
    predicates: ["manifest", "profile"],
    apply: async (client, items) => {
      for (const item of items) {
        if (item.status !== "held" || item.statement === undefined) continue;
        const { entry, statement } = item;
        if (entry.predicate === "manifest") await applyManifest(client, workspace, entry, statement);
        else await applyProfile(client, workspace, entry, statement);
      }
    },
    forget: async (client) => {
      for (const table of ["dataset_versions", "dataset_profiles", "dataset_files"]) {
        await client.query(`delete from ${table} where workspace = $1`, [workspace]);
      }
    },
  };
}

async function applyManifest(
  client: pg.PoolClient,
  workspace: string,
  entry: Entry,
  statement: Statement,
): Promise<void> {
  const { manifest, submitter } = statement.predicate as ManifestPredicate;
  const [artifact] = entry.subjects;
  for (const { name = "" } of statement.subject) {
    const asset = parseAssetName(name);
    if (asset.kind !== "Dataset") continue;
    await client.query(
      `insert into dataset_versions (workspace, name, index, artifact, at, principal)
       values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
      [workspace, asset.name, entry.index, artifact, entry.at, submitter],
    );
    await client.query(
      `insert into dataset_files (workspace, digest, artifact, name)
       select $1, digest, $2, $4 from unnest($3::text[]) as digest on conflict do nothing`,
      [workspace, artifact, manifest.files.map(({ digest }) => digest), asset.name],
    );
  }
}

async function applyProfile(
  client: pg.PoolClient,
  workspace: string,
  entry: Entry,
  statement: Statement,
): Promise<void> {
  const said = readPredicate(statement.predicate);
  const [artifact] = entry.subjects;
  if (said === undefined) return;
  if (said.removal !== undefined) {
    // Another data set that has the same bytes keeps them.
    await client.query("delete from dataset_files where workspace = $1 and artifact = $2 and name = $3", [
      workspace,
      artifact,
      said.dataset,
    ]);
    return;
  }
  if (said.profile === undefined) return;
  await client.query(
    `insert into dataset_profiles (workspace, artifact, index, rows, location)
     values ($1, $2, $3, $4, $5) on conflict do nothing`,
    [workspace, artifact, entry.index, said.rows, locationOf(said.place)],
  );
}

/** Where the bytes are, as a person would name it; "" when they are here or nowhere. */
export function locationOf(place: Place | undefined): string {
  if (place?.kind === "path") return place.path;
  return place?.kind === "s3" ? place.uri : "";
}
