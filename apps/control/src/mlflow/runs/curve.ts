import type { TrackingParts } from "../experiments/store.js";
import type { MetricPoint } from "./data.js";

export interface Curve {
  total: number;
  points: MetricPoint[];
}

/** Two points of each bucket at most, the lowest and the highest: a spike of one step stays to be seen. */
const BUCKETS = 499;
const MAX_POINTS = 2 * BUCKETS + 2;

const CURVE = `
with ranked as (
  select step, "timestamp", value, row_number() over (order by step, "timestamp", value) - 1 as rank,
    count(*) over () as total
  from metrics where workspace = $1 and run = $2 and key = $3
),
marked as (
  select *, row_number() over (partition by rank * ${BUCKETS} / total order by value, rank) as low,
    row_number() over (partition by rank * ${BUCKETS} / total order by value = 'NaN', value desc, rank) as high
  from ranked
)
select step, "timestamp", value, total from marked
where total <= ${MAX_POINTS} or low = 1 or high = 1 or rank = 0 or rank = total - 1
order by step, "timestamp", value`;

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
