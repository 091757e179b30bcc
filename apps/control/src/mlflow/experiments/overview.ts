import type { Pair, Stage } from "@countersign/tracking";
import type { TrackingParts } from "./store.js";

export interface ExperimentOverview {
  id: number;
  name: string;
  stage: Stage;
  artifactLocation: string;
  createdAt: number;
  updatedAt: number;
  runs: number;
  lastRunAt: number | null;
  tags: Pair[];
}

/** Experiments with what happened in them last; those where something happened come first. */
export async function experimentOverview(
  { pool, workspace }: TrackingParts,
  query: { part: string; limit: number; offset: number },
): Promise<ExperimentOverview[]> {
  const answer = await pool.query<Row>(
    `select e.id, e.name, e.stage, e.artifact_location, e.created_at, e.updated_at, r.runs, r.last_at,
       (select coalesce(json_agg(json_build_object('key', t.key, 'value', t.value)), '[]')
        from experiment_tags t where t.workspace = e.workspace and t.experiment = e.id) as tags
     from experiments e,
       lateral (select count(*)::int as runs, max(created_at) as last_at from runs
                where workspace = e.workspace and experiment = e.id and stage = 'active') r
     where e.workspace = $1 and e.stage = 'active' and strpos(lower(e.name), lower($2)) > 0
     order by coalesce(r.last_at, e.created_at) desc, e.id desc limit $3 offset $4`,
    [workspace, query.part, query.limit, query.offset],
  );
  return answer.rows.map((row) => ({
    id: Number(row.id),
    name: row.name,
    stage: row.stage,
    artifactLocation: row.artifact_location,
    createdAt: Number(row.created_at),
    updatedAt: Number(row.updated_at),
    runs: row.runs,
    lastRunAt: row.last_at === null ? null : Number(row.last_at),
    tags: row.tags,
  }));
}

interface Row {
  id: string;
  name: string;
  stage: Stage;
  artifact_location: string;
  created_at: string;
  updated_at: string;
  runs: number;
  last_at: string | null;
  tags: Pair[];
}
