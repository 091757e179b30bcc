import { randomBytes } from "node:crypto";
import {
  cutPage,
  invalid,
  inventName,
  missing,
  type Pair,
  type RunStatus,
  type Stage,
  type Window,
} from "@countersign/tracking";
import type pg from "pg";
import { inTransaction } from "../../database/transaction.js";
import { type ExperimentStore, experimentId, type TrackingParts } from "../experiments/store.js";
import { type RunQuery, runQuery } from "../search/runs.js";
import { loadData, type RunData } from "./data.js";
import { notActive, RUN_NAME, storeTags } from "./log.js";

export interface RunInfo {
  id: string;
  experiment: number;
  name: string;
  userId: string;
  /** Whose token started it. */
  principal: string;
  status: RunStatus;
  stage: Stage;
  artifactUri: string;
  /** By the client's clock. */
  startedAt: number | null;
  endedAt: number | null;
  /** By the server's clock; `touchedAt` is kept to the minute. */
  createdAt: number;
  touchedAt: number;
}

export interface Run extends RunInfo, RunData {}

export interface NewRun {
  experiment: string;
  name: string | undefined;
  userId: string;
  principal: string;
  startedAt: number | undefined;
  tags: Pair[];
}

export interface RunChange {
  status?: RunStatus | undefined;
  endedAt?: number | undefined;
  name?: string | undefined;
}

const COLUMNS = `r.id, r.experiment, r.name, r.user_id, r.principal, r.status, r.stage, r.artifact_uri,
  r.started_at, r.ended_at, r.created_at, r.touched_at`;

const ANY_EXPERIMENT = "($2::bigint[] is null or r.experiment = any($2))";

export class RunStore {
  readonly #parts: TrackingParts;
  readonly #experiments: ExperimentStore;

  constructor(parts: TrackingParts, experiments: ExperimentStore) {
    this.#parts = parts;
    this.#experiments = experiments;
  }

  async create(input: NewRun): Promise<Run> {
    const { pool, workspace, clock } = this.#parts;
    const experiment = await this.#experiments.get(input.experiment);
    if (experiment.stage !== "active") {
      throw invalid(
        `The experiment ${experiment.id} must be in the 'active' state. Current state is deleted.`,
      );
    }
    const id = randomBytes(16).toString("hex");
    const name = nameOf(input);
    await inTransaction(pool, async (client) => {
      await client.query(
        `insert into runs (workspace, id, experiment, name, user_id, principal, status, artifact_uri,
           started_at, created_at, touched_at)
         values ($1, $2, $3, $4, $5, $6, 'RUNNING', $7, $8, $9, $9)`,
        [
          workspace,
          id,
          experiment.id,
          name,
          input.userId,
          input.principal,
          `${experiment.artifactLocation}/${id}/artifacts`,
          input.startedAt ?? clock(),
          clock(),
        ],
      );
      await storeTags(client, workspace, id, [...input.tags, { key: RUN_NAME, value: name }]);
    });
    return this.get(id);
  }

  async get(id: string): Promise<Run> {
    const [run] = await this.#load(await this.#infos("r.id = $2", [id]));
    if (!run) throw missing(`Run with id=${id.slice(0, 64)} not found`);
    return run;
  }

  async info(id: string): Promise<RunInfo> {
    const [run] = await this.#infos("r.id = $2", [id]);
    if (!run) throw missing(`Run with id=${id.slice(0, 64)} not found`);
    return run;
  }

  async update(id: string, change: RunChange): Promise<RunInfo> {
    const { pool, workspace, clock } = this.#parts;
    const before = await this.info(id);
    if (before.stage !== "active") throw notActive(id);
    await inTransaction(pool, async (client) => {
      await client.query(
        `update runs set status = coalesce($3, status), ended_at = coalesce($4, ended_at),
           name = coalesce($5, name), touched_at = $6 where workspace = $1 and id = $2`,
        [workspace, id, change.status ?? null, change.endedAt ?? null, change.name ?? null, clock()],
      );
      if (change.name !== undefined)
        await storeTags(client, workspace, id, [{ key: RUN_NAME, value: change.name }]);
    });
    return this.info(id);
  }

  async setStage(id: string, stage: Stage): Promise<void> {
    const { pool, workspace, clock } = this.#parts;
    const answer = await pool.query(
      "update runs set stage = $3, deleted_at = $4 where workspace = $1 and id = $2 returning id",
      [workspace, id, stage, stage === "deleted" ? clock() : null],
    );
    if (answer.rows.length === 0) throw missing(`Run with id=${id.slice(0, 64)} not found`);
  }

  async search(input: {
    /** All of them when absent. */
    experiments: string[] | undefined;
    stages: Stage[];
    filter: string;
    orderBy: string[];
    window: Window;
    /** Whether schema and profile of the datasets come along. */
    profiles?: boolean;
  }): Promise<{ runs: Run[]; token?: string }> {
    const { offset, limit } = input.window;
    const query = runQuery(input.filter, input.orderBy, 6);
    const experiments = input.experiments?.map(experimentId) ?? null;
    // One experiment is the common question, and its runs stand in the index in the order that is wanted.
    const which = experiments?.length === 1 ? "r.experiment = ($2::bigint[])[1]" : ANY_EXPERIMENT;
    const first = [experiments, input.stages, limit + 1, offset];
    const infos = await this.#infos(
      `${which} and r.stage = any($3::text[]) and ${query.where}`,
      [...first, ...query.values],
      query,
      "limit $4 offset $5",
    );
    const { rows, ...more } = cutPage(infos, input.window);
    return { runs: await this.#load(rows, input.profiles ?? true), ...more };
  }

  /** Runs that name this one as their parent. */
  async childrenOf(id: string): Promise<string[]> {
    const { pool, workspace } = this.#parts;
    const answer = await pool.query<{ run: string }>(
      `select t.run from run_tags t join runs r on r.workspace = t.workspace and r.id = t.run
       where t.workspace = $1 and t.key = 'mlflow.parentRunId'
         and md5(t.value) = md5($2) and t.value = $2 and r.stage = 'active'
       order by r.created_at, r.id limit 1000`,
      [workspace, id],
    );
    return answer.rows.map(({ run }) => run);
  }

  async #load(infos: RunInfo[], profiles = true): Promise<Run[]> {
    const { pool, workspace } = this.#parts;
    const data = await loadData(pool, workspace, infos, profiles);
    return infos.map((info, i) => ({ ...info, ...(data[i] as RunData) }));
  }

  async #infos(
    condition: string,
    values: unknown[],
    { joins, order }: Pick<RunQuery, "joins" | "order"> = { joins: "", order: "r.id" },
    limit = "",
  ): Promise<RunInfo[]> {
    const answer: pg.QueryResult<Row> = await this.#parts.pool.query<Row>(
      `select ${COLUMNS} from runs r ${joins} where r.workspace = $1 and ${condition} order by ${order} ${limit}`,
      [this.#parts.workspace, ...values],
    );
    return answer.rows.map(fromRow);
  }
}

function nameOf({ name, tags }: NewRun): string {
  const tag = tags.find(({ key }) => key === RUN_NAME)?.value;
  if (name && tag && name !== tag) {
    throw invalid(
      `Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values (run_name='${name}', mlflow.runName='${tag}').`,
    );
  }
  return name || tag || inventName(randomBytes(4));
}

interface Row {
  id: string;
  experiment: string;
  name: string;
  user_id: string;
  principal: string;
  status: RunStatus;
  stage: Stage;
  artifact_uri: string;
  started_at: string | null;
  ended_at: string | null;
  created_at: string;
  touched_at: string;
}

function fromRow(row: Row): RunInfo {
  return {
    id: row.id,
    experiment: Number(row.experiment),
    name: row.name,
    userId: row.user_id,
    principal: row.principal,
    status: row.status,
    stage: row.stage,
    artifactUri: row.artifact_uri,
    startedAt: row.started_at === null ? null : Number(row.started_at),
    endedAt: row.ended_at === null ? null : Number(row.ended_at),
    createdAt: Number(row.created_at),
    touchedAt: Number(row.touched_at),
  };
}
