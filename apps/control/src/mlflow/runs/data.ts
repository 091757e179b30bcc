import type { Pair } from "@countersign/tracking";
import type pg from "pg";

export interface MetricPoint {
  key: string;
  value: number;
  timestamp: number;
  step: number;
}

export interface InputRow {
  name: string;
  digest: string;
  sourceType: string;
  source: string;
  schema: string | null;
  profile: string | null;
  tags: Pair[];
  /** The dataset version of ours that it was found to be. */
  artifact: string | null;
}

export interface ModelRow {
  model: string;
  step: number;
}

/** All that a run logged but the history of its metrics. */
export interface RunData {
  metrics: MetricPoint[];
  parameters: Pair[];
  tags: Pair[];
  inputs: InputRow[];
  modelInputs: ModelRow[];
  modelOutputs: ModelRow[];
}

/** Five questions for any number of runs; the answers in the order of `runs`. */
export async function loadData(
  pool: pg.Pool,
  workspace: string,
  runs: readonly { id: string }[],
  profiles: boolean,
): Promise<RunData[]> {
  if (runs.length === 0) return [];
  const ids = runs.map(({ id }) => id);
  const ask = async <T extends { run: string }>(text: string): Promise<Map<string, T[]>> =>
    grouped((await pool.query<T>(text, [workspace, ids])).rows);
  const of = (table: string) =>
    `from ${table} where workspace = $1 and run = any($2::text[]) order by run, key`;
  const [metrics, parameters, tags, inputs, models] = await Promise.all([
    ask<MetricRow>(`select run, key, value, "timestamp", step ${of("latest_metrics")}`),
    ask<Pair & { run: string }>(`select run, key, value ${of("run_params")}`),
    ask<Pair & { run: string }>(`select run, key, value ${of("run_tags")}`),
    ask<InputRow & { run: string }>(inputsQuery(profiles)),
    ask<LinkRow>(
      "select run, direction, model, step from run_models where workspace = $1 and run = any($2::text[]) order by run, at, model",
    ),
  ]);
  return ids.map((id) => ({
    metrics: (metrics.get(id) ?? []).map(pointOf),
    parameters: (parameters.get(id) ?? []).map(pairOf),
    tags: (tags.get(id) ?? []).map(pairOf),
    inputs: (inputs.get(id) ?? []).map(({ run: _run, ...input }) => input),
    modelInputs: linksOf(models.get(id), "input"),
    modelOutputs: linksOf(models.get(id), "output"),
  }));
}

/** Bytes of schemas and profiles in one answer. Each may have megabytes, and a search may find thousands of runs. */
const MAX_PROFILES = 64 * 1024 ** 2;

const WEIGHT = "coalesce(octet_length(d.schema), 0) + coalesce(octet_length(d.profile), 0)";

const inputsQuery = (profiles: boolean): string => `
with found as (
  select i.run, i.name, i.digest, i.tags, i.artifact, i.at, d.source_type, d.source,
    ${profiles ? "d.schema, d.profile" : "null as schema, null as profile"},
    sum(${WEIGHT}) over (order by i.run, i.at, i.name) as weight
  from run_inputs i join run_datasets d
    on d.workspace = i.workspace and d.experiment = i.experiment and d.name = i.name and d.digest = i.digest
  where i.workspace = $1 and i.run = any($2::text[])
)
select run, name, digest, tags, artifact, source_type as "sourceType", source,
  case when weight <= ${MAX_PROFILES} then schema end as schema,
  case when weight <= ${MAX_PROFILES} then profile end as profile
from found order by run, at, name`;

interface MetricRow {
  run: string;
  key: string;
  value: number;
  timestamp: string;
  step: string;
}

interface LinkRow {
  run: string;
  direction: "input" | "output";
  model: string;
  step: string;
}

function grouped<T extends { run: string }>(rows: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(row.run);
    if (group) group.push(row);
    else groups.set(row.run, [row]);
  }
  return groups;
}

function pointOf({ key, value, timestamp, step }: Omit<MetricRow, "run">): MetricPoint {
  return { key, value, timestamp: Number(timestamp), step: Number(step) };
}

function pairOf({ key, value }: Pair): Pair {
  return { key, value };
}

function linksOf(links: readonly LinkRow[] | undefined, direction: LinkRow["direction"]): ModelRow[] {
  return (links ?? [])
    .filter((link) => link.direction === direction)
    .map(({ model, step }) => ({ model, step: Number(step) }));
}
