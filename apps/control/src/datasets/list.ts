import type { DatasetSummary } from "@countersign/api";
import type { DatasetParts } from "./parts.js";

interface Row {
  name: string;
  artifact: DatasetSummary["current"];
  index: string;
  at: string;
  versions: string;
  rows: string | null;
}

/** Datasets by name. A list for people, from the tables: whoever acts on one reads its history from the log. */
export async function listDatasets(
  { pool, workspace, runner }: DatasetParts,
  limit: number,
  after: string,
  query: string,
): Promise<DatasetSummary[]> {
  await runner.caughtUp();
  const answer = await pool.query<Row>(
    `select distinct on (v.name) v.name, v.artifact, v.index, v.at,
       (select count(distinct o.artifact) from dataset_versions o where o.workspace = v.workspace and o.name = v.name) as versions,
       (select p.rows from dataset_profiles p where p.workspace = v.workspace and p.artifact = v.artifact
        order by p.index desc limit 1) as rows
     from dataset_versions v
     where v.workspace = $1 and v.name > $2 and ($3 = '' or position(lower($3) in lower(v.name)) > 0)
     order by v.name, v.index desc limit $4`,
    [workspace.id, after, query, limit],
  );
  return answer.rows.map(({ name, artifact, index, at, versions, rows }) => ({
    name,
    current: artifact,
    index: Number(index),
    at: Number(at),
    versions: Number(versions),
    rows: rows === null ? null : Number(rows),
  }));
}
