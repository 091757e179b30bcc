import { randomBytes } from "node:crypto";
import { missing } from "@countersign/tracking";
import { quoted } from "../names.js";
import type { Connection, Raw, TagRow } from "../rows.js";
import { timed } from "../rows.js";
import { LOGGED_COLUMNS, type LoggedDetail, type LoggedMetric, type LoggedModelRow } from "./rows.js";

type Kind = "tag" | "param";

/** Rows of logged models: what a run made, before anybody registers it. */
export class LoggedModels {
  readonly #workspace: string;
  readonly #clock: () => number;

  constructor(workspace: string, clock: () => number) {
    this.#workspace = workspace;
    this.#clock = clock;
  }

  async create(
    connection: Connection,
    model: Pick<LoggedModelRow, "experiment" | "name" | "type" | "run" | "principal">,
  ): Promise<LoggedModelRow> {
    const { experiment, name, type, run, principal } = model;
    const id = `m-${randomBytes(16).toString("hex")}`;
    const answer = await connection.query<Raw<LoggedModelRow>>(
      `insert into logged_models as l (workspace, id, experiment, name, type, run, status, principal,
         created_at, updated_at)
       values ($1, $2, $3, $4, $5, $6, 1, $7, $8, $8) returning ${LOGGED_COLUMNS}`,
      [this.#workspace, id, experiment, name, type, run, principal, this.#clock()],
    );
    return this.#require(answer.rows.map(timed<LoggedModelRow>)[0], id);
  }

  async get(connection: Connection, id: string, deleted = false): Promise<LoggedModelRow> {
    const answer = await connection.query<Raw<LoggedModelRow>>(
      `select ${LOGGED_COLUMNS} from logged_models l
       where l.workspace = $1 and l.id = $2 and ($3 or l.deleted_at is null)`,
      [this.#workspace, id, deleted],
    );
    return this.#require(answer.rows.map(timed<LoggedModelRow>)[0], id);
  }

  async finish(connection: Connection, id: string, status: number): Promise<void> {
    await connection.query(
      "update logged_models set status = $3, updated_at = $4 where workspace = $1 and id = $2",
      [this.#workspace, id, status, this.#clock()],
    );
  }

  async remove(connection: Connection, id: string): Promise<void> {
    await connection.query(
      "update logged_models set deleted_at = $3 where workspace = $1 and id = $2 and deleted_at is null",
      [this.#workspace, id, this.#clock()],
    );
  }

  async setFields(connection: Connection, id: string, kind: Kind, fields: readonly TagRow[]): Promise<void> {
    for (const { key, value } of fields)
      await connection.query(
        `insert into logged_model_fields (workspace, model, kind, key, value) values ($1, $2, $3, $4, $5)
         on conflict (workspace, model, kind, key) do update set value = excluded.value`,
        [this.#workspace, id, kind, key, value],
      );
  }

  async removeTag(connection: Connection, id: string, key: string): Promise<boolean> {
    const answer = await connection.query(
      "delete from logged_model_fields where workspace = $1 and model = $2 and kind = 'tag' and key = $3",
      [this.#workspace, id, key],
    );
    return (answer.rowCount ?? 0) > 0;
  }

  /** What belongs to each of these models; one query for each kind, however many there are. */
  async details(connection: Connection, ids: readonly string[]): Promise<Map<string, LoggedDetail>> {
    const details = new Map<string, LoggedDetail>(
      ids.map((id) => [id, { tags: [], params: [], metrics: [], registrations: [] }]),
    );
    const given = [this.#workspace, ids];
    const fields = await connection.query<TagRow & { model: string; kind: Kind }>(
      `select model, kind, key, value from logged_model_fields
       where workspace = $1 and model = any($2::text[]) order by key collate "C"`,
      given,
    );
    for (const { model, kind, key, value } of fields.rows)
      details.get(model)?.[kind === "tag" ? "tags" : "params"].push({ key, value });
    const metrics = await connection.query<RawMetric>(LATEST_METRICS, given);
    for (const metric of metrics.rows)
      details.get(metric.model)?.metrics.push({
        ...metric,
        step: Number(metric.step),
        timestamp: Number(metric.timestamp),
      });
    const registrations = await connection.query<{ root: string; name: string; version: number }>(
      `select v.root, m.name, v.version from registry_versions v
       join registry_models m on m.workspace = v.workspace and m.id = v.model
       where v.workspace = $1 and v.root = any($2::text[]) order by m.name, v.version`,
      given,
    );
    for (const { root, ...registration } of registrations.rows)
      details.get(root)?.registrations.push(registration);
    return details;
  }

  #require(row: LoggedModelRow | undefined, id: string): LoggedModelRow {
    if (row === undefined) throw missing(`Logged model with ID ${quoted(id)} not found.`);
    return row;
  }
}

type RawMetric = Omit<LoggedMetric, "step" | "timestamp"> & { step: string; timestamp: string };

const LATEST_METRICS = `select distinct on (model, key, run, dataset_name, dataset_digest)
    model, key, run, step, timestamp, value, dataset_name as "datasetName", dataset_digest as "datasetDigest"
  from model_metrics where workspace = $1 and model = any($2::text[])
  order by model, key, run, dataset_name, dataset_digest, step desc, timestamp desc, value desc`;
