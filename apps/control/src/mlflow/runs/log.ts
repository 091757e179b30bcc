import { type Batch, invalid, missing, type Pair } from "@countersign/tracking";
import type pg from "pg";
import { inTransaction } from "../../database/transaction.js";
import type { TrackingParts } from "../experiments/store.js";
import { textArray } from "./arrays.js";
import { storeMetrics, storeModelMetrics } from "./metrics.js";

export const RUN_NAME = "mlflow.runName";
/** `touched_at` is there to see which runs were left: writing it with every metric would cost as much as the metric. */
const TOUCH_STEP_MS = 60_000;
const MAX_TOUCHED = 10_000;

/** Writes what runs log. What it resolves is on the disk. */
export class RunLog {
  readonly #parts: TrackingParts;
  readonly #touched = new Map<string, number>();

  constructor(parts: TrackingParts) {
    this.#parts = parts;
  }

  async write(run: string, batch: Batch): Promise<void> {
    const { pool, workspace } = this.#parts;
    const { metrics, parameters, tags } = batch;
    const alone = parameters.length === 0 && tags.length === 0 && metrics.every(({ model }) => model === "");
    if (alone && metrics.length > 0) {
      // One statement is one transaction: no further turns to the database.
      if (!(await storeMetrics(pool, workspace, run, metrics))) await this.#requireActive(pool, run);
    } else {
      await inTransaction(pool, (client) => this.#writeAll(client, run, batch));
    }
    await this.#touch(run);
  }

  async deleteTag(run: string, key: string): Promise<void> {
    const { pool, workspace } = this.#parts;
    await this.#requireActive(pool, run);
    const answer = await pool.query(
      "delete from run_tags where workspace = $1 and run = $2 and key = $3 returning key",
      [workspace, run, key],
    );
    if (answer.rows.length === 0) throw missing(`No tag with name: ${key} in run with id ${run}`);
  }

  async #writeAll(client: pg.PoolClient, run: string, { metrics, parameters, tags }: Batch): Promise<void> {
    const { workspace } = this.#parts;
    await this.#requireActive(client, run);
    if (metrics.length > 0) await storeMetrics(client, workspace, run, metrics);
    const about = metrics.filter(({ model }) => model !== "");
    if (about.length > 0) await storeModelMetrics(client, workspace, run, about);
    if (parameters.length > 0) await storeParameters(client, workspace, run, parameters);
    if (tags.length > 0) await storeTags(client, workspace, run, tags);
  }

  /** Throws, in MLflow's words, when the run takes nothing. */
  async #requireActive(client: pg.Pool | pg.PoolClient, run: string): Promise<void> {
    const answer = await client.query<{ stage: string }>(
      "select stage from runs where workspace = $1 and id = $2",
      [this.#parts.workspace, run],
    );
    const stage = answer.rows[0]?.stage;
    if (stage === undefined) throw missing(`Run with id=${run.slice(0, 64)} not found`);
    if (stage !== "active") throw notActive(run);
  }

  async #touch(run: string): Promise<void> {
    const { pool, workspace, clock } = this.#parts;
    const now = clock();
    if (now - (this.#touched.get(run) ?? 0) < TOUCH_STEP_MS) return;
    if (this.#touched.size >= MAX_TOUCHED) this.#touched.clear();
    this.#touched.set(run, now);
    await pool.query("update runs set touched_at = $3 where workspace = $1 and id = $2", [
      workspace,
      run,
      now,
    ]);
  }
}

export function notActive(run: string): Error {
  return invalid(`The run ${run} must be in the 'active' state. Current state is deleted.`);
}

/** A parameter is said once: the same again is fine, another value is refused with all that came along. */
async function storeParameters(
  client: pg.PoolClient,
  workspace: string,
  run: string,
  parameters: readonly Pair[],
): Promise<void> {
  const keys = textArray(parameters.map(({ key }) => key));
  await client.query(
    `insert into run_params (workspace, run, key, value)
     select $1, $2, key, value from unnest($3::text[], $4::text[]) as p(key, value) order by key
     on conflict do nothing`,
    [workspace, run, keys, textArray(parameters.map(({ value }) => value))],
  );
  const answer = await client.query<Pair>(
    "select key, value from run_params where workspace = $1 and run = $2 and key = any($3::text[])",
    [workspace, run, keys],
  );
  const held = new Map(answer.rows.map(({ key, value }) => [key, value]));
  const changed = parameters.find(({ key, value }) => held.get(key) !== value);
  if (!changed) return;
  throw invalid(
    `Changing param values is not allowed. Param with key='${changed.key}' was already logged with value='${held.get(changed.key)}' for run ID='${run}'. Attempted logging new value '${changed.value}'.`,
  );
}

export async function storeTags(
  client: pg.PoolClient,
  workspace: string,
  run: string,
  tags: readonly Pair[],
): Promise<void> {
  // The last one wins, and no row is written twice by one statement.
  const last = new Map(tags.map(({ key, value }) => [key, value]));
  await client.query(
    `insert into run_tags (workspace, run, key, value)
     select $1, $2, key, value from unnest($3::text[], $4::text[]) as t(key, value) order by key
     on conflict (workspace, run, key) do update set value = excluded.value`,
    [workspace, run, textArray([...last.keys()]), textArray([...last.values()])],
  );
  const name = last.get(RUN_NAME);
  if (name === undefined) return;
  await client.query("update runs set name = $3 where workspace = $1 and id = $2", [workspace, run, name]);
}
