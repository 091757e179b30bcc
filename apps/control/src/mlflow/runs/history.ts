import { cutPage, missing, type Window } from "@countersign/tracking";
import type { TrackingParts } from "../experiments/store.js";
import type { MetricPoint } from "./data.js";

export interface RunPoint extends MetricPoint {
  run: string;
}

/** Reads metrics back: all of a key, or a sample that shows its shape. */
export class MetricHistory {
  readonly #parts: TrackingParts;

  constructor(parts: TrackingParts) {
    this.#parts = parts;
  }

  /** By the clients' time, as MLflow gives it. */
  async page(run: string, key: string, window: Window): Promise<{ points: MetricPoint[]; token?: string }> {
    await this.#requireRuns([run]);
    const answer = await this.#parts.pool.query<Row>(
      `select run, key, value, "timestamp", step from metrics where workspace = $1 and run = $2 and key = $3
       order by "timestamp", step, value limit $4 offset $5`,
      [this.#parts.workspace, run, key, window.limit + 1, window.offset],
    );
    const { rows, ...more } = cutPage(answer.rows.map(pointOf), window);
    return { points: rows, ...more };
  }

  async bulk(runs: readonly string[], key: string, limit: number): Promise<RunPoint[]> {
    await this.#requireRuns(runs);
    const answer = await this.#parts.pool.query<Row>(
      `select run, key, value, "timestamp", step from metrics
       where workspace = $1 and run = any($2::text[]) and key = $3 order by run, "timestamp", step, value limit $4`,
      [this.#parts.workspace, runs, key, limit],
    );
    return answer.rows.map(pointOf);
  }

  /** At most `limit` points for each run, evenly taken by rank; the first and the last are always among them. */
  async sample(
    runs: readonly string[],
    key: string,
    limit: number,
    range: { from?: number | undefined; to?: number | undefined } = {},
  ): Promise<RunPoint[]> {
    await this.#requireRuns(runs);
    const answer = await this.#parts.pool.query<Row>(SAMPLE, [
      this.#parts.workspace,
      runs,
      key,
      limit,
      range.from ?? null,
      range.to ?? null,
    ]);
    return answer.rows.map(pointOf);
  }

  async #requireRuns(runs: readonly string[]): Promise<void> {
    const { pool, workspace } = this.#parts;
    const answer = await pool.query<{ id: string }>(
      "select id from runs where workspace = $1 and id = any($2::text[])",
      [workspace, runs],
    );
    const known = new Set(answer.rows.map(({ id }) => id));
    const unknown = runs.find((run) => !known.has(run));
    if (unknown !== undefined) throw missing(`Run with id=${unknown.slice(0, 64)} not found`);
  }
}

const SAMPLE = `
with totals as (
  select run, count(*) as total from metrics
  where workspace = $1 and run = any($2::text[]) and key = $3
    and ($5::bigint is null or step >= $5) and ($6::bigint is null or step <= $6)
  group by run
),
ranked as (
  select m.*, t.total from totals t, lateral (
    select run, key, value, "timestamp", step, row_number() over (order by step, "timestamp", value) - 1 as rank
    from metrics where workspace = $1 and run = t.run and key = $3
      and ($5::bigint is null or step >= $5) and ($6::bigint is null or step <= $6)
  ) m
)
select run, key, value, "timestamp", step from ranked
where total <= $4 or rank = total - 1
  or (rank * ($4 - 1)) / greatest(total - 1, 1) > ((rank - 1) * ($4 - 1)) / greatest(total - 1, 1)
  or (rank = 0 and $4 > 1)
order by run, step, "timestamp", value`;

interface Row {
  run: string;
  key: string;
  value: number;
  timestamp: string;
  step: string;
}

function pointOf({ run, key, value, timestamp, step }: Row): RunPoint {
  return { run, key, value, timestamp: Number(timestamp), step: Number(step) };
}
