import type { TrackingParts } from "../experiments/store.js";
import type { MetricPoint } from "./data.js";

export interface Curve {
  total: number;
  points: MetricPoint[];
}

/** Of each bucket the lowest, the highest and a NaN: a spike of one step stays to be seen, and so does a gap. */
const BUCKETS = 332;
const MAX_POINTS = 3 * BUCKETS + 2;

// Ranks come from the primary key's own order, and each bucket is one row of aggregates: no sort of a million values.
const CURVE = `
with total as (
  select count(*) as n from metrics where workspace = $1 and run = $2 and key = $3
),
ranked as (
  select array[value, step, "timestamp"]::float8[] as point, value,
    row_number() over (order by step, "timestamp", value) - 1 as rank
  from metrics where workspace = $1 and run = $2 and key = $3
),
buckets as (
  select min(point) filter (where value <> 'NaN') as low, max(point) filter (where value <> 'NaN') as high,
    min(point) filter (where value = 'NaN') as gap,
    min(point) filter (where rank = 0) as first, min(point) filter (where rank = n - 1) as last
  from ranked, total where n > ${MAX_POINTS} group by rank * ${BUCKETS} / n
),
chosen as (
  select point from ranked, total where n <= ${MAX_POINTS}
  union select unnested.point from buckets, lateral (values (low), (high), (gap), (first), (last)) as unnested(point)
)
select point[1] as value, point[2]::bigint as step, point[3]::bigint as "timestamp", n as total
from chosen, total where point is not null order by 2, 3, 1`;

/** A metric as a curve to be drawn: by step, and thinned where there is more than a screen can show. */
export async function metricCurve(parts: TrackingParts, run: string, key: string): Promise<Curve> {
  const answer = await parts.pool.query<{ step: string; timestamp: string; value: number; total: string }>(
    CURVE,
    [parts.workspace, run, key],
  );
  const points = answer.rows.map(({ step, timestamp, value }) => ({
    key,
    value,
    timestamp: Number(timestamp),
    step: Number(step),
  }));
  return { total: Number(answer.rows[0]?.total ?? 0), points };
}
