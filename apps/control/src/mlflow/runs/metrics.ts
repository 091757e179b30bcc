import type { Metric } from "@countersign/tracking";
import type pg from "pg";
import { numberArray, textArray } from "./arrays.js";

/**
 * One statement for a batch: the history, and per key the newest by step, then time, then value, as MLflow has it. A metric that
 * a client sends again after a lost answer is the same row. Rows are written in key order, so that two batches never wait for
 * each other in a ring.
 */
const STORE = `
with live as (select id from runs where workspace = $1 and id = $2 and stage = 'active'),
given as (
  select distinct g.* from live, unnest($3::text[], $4::bigint[], $5::bigint[], $6::float8[])
    as g(key, step, "timestamp", value)
),
stored as (
  insert into metrics (workspace, run, key, step, "timestamp", value)
  select $1, $2, key, step, "timestamp", value from given order by key, step, "timestamp", value
  on conflict do nothing
),
newest as (
  insert into latest_metrics as l (workspace, run, key, step, "timestamp", value)
  select distinct on (key) $1, $2, key, step, "timestamp", value from given
  order by key, step desc, "timestamp" desc, value desc
  on conflict (workspace, run, key) do update
    set step = excluded.step, "timestamp" = excluded."timestamp", value = excluded.value
    where (excluded.step, excluded."timestamp", excluded.value) > (l.step, l."timestamp", l.value)
)
select count(*)::int as live from live`;

const STORE_MODEL = `
insert into model_metrics (workspace, model, key, run, step, "timestamp", value, dataset_name, dataset_digest)
select $1, m.model, m.key, $2, m.step, m."timestamp", m.value, m.dataset_name, m.dataset_digest
from unnest($3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::float8[], $8::text[], $9::text[])
  as m(model, key, step, "timestamp", value, dataset_name, dataset_digest)
order by m.model, m.key
on conflict do nothing`;

/** False when there is no such run that could take them. */
export async function storeMetrics(
  client: pg.Pool | pg.PoolClient,
  workspace: string,
  run: string,
  metrics: readonly Metric[],
): Promise<boolean> {
  const answer = await client.query<{ live: number }>({
    name: "store-metrics",
    text: STORE,
    values: [
      workspace,
      run,
      textArray(metrics.map(({ key }) => key)),
      numberArray(metrics.map(({ step }) => step)),
      numberArray(metrics.map(({ timestamp }) => timestamp)),
      numberArray(metrics.map(({ value }) => value)),
    ],
  });
  return answer.rows[0]?.live === 1;
}

/** What a run says about a logged model, beside what it says about itself. */
export async function storeModelMetrics(
  client: pg.PoolClient,
  workspace: string,
  run: string,
  metrics: readonly Metric[],
): Promise<void> {
  await client.query(STORE_MODEL, [
    workspace,
    run,
    textArray(metrics.map(({ model }) => model)),
    textArray(metrics.map(({ key }) => key)),
    numberArray(metrics.map(({ step }) => step)),
    numberArray(metrics.map(({ timestamp }) => timestamp)),
    numberArray(metrics.map(({ value }) => value)),
    textArray(metrics.map(({ datasetName }) => datasetName)),
    textArray(metrics.map(({ datasetDigest }) => datasetDigest)),
  ]);
}
