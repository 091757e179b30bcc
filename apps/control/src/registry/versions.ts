import type { Digest } from "@countersign/evidence";
import { invalid, missing } from "@countersign/tracking";
import { parseVersion, quoted, type Stage } from "./names.js";
import {
  type AliasRow,
  type Connection,
  type ModelRow,
  type Raw,
  timed,
  VERSION_COLUMNS,
  type VersionRow,
} from "./rows.js";

export type NewVersion = Pick<
  VersionRow,
  | "model"
  | "version"
  | "source"
  | "run"
  | "runLink"
  | "loggedModel"
  | "root"
  | "description"
  | "status"
  | "message"
  | "principal"
  | "job"
>;

/** Rows of versions, and of the aliases that point to them. */
export class Versions {
  readonly #workspace: string;
  readonly #clock: () => number;

  constructor(workspace: string, clock: () => number) {
    this.#workspace = workspace;
    this.#clock = clock;
  }

  async create(connection: Connection, row: NewVersion): Promise<void> {
    await connection.query(
      `insert into registry_versions (workspace, model, version, source, run, run_link, logged_model, root,
         description, status, message, principal, job, created_at, updated_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14)`,
      [
        this.#workspace,
        row.model,
        row.version,
        row.source,
        row.run,
        row.runLink,
        row.loggedModel,
        row.root,
        row.description,
        row.status,
        row.message,
        row.principal,
        row.job,
        this.#clock(),
      ],
    );
  }

  async get(connection: Connection, model: ModelRow, version: string): Promise<VersionRow> {
    const number = parseVersion(version);
    const row = number === undefined ? undefined : await this.find(connection, model.id, number);
    if (row === undefined)
      throw missing(`Model Version (name=${model.name}, version=${version.slice(0, 32)}) not found`);
    return row;
  }

  async find(connection: Connection, model: string, version: number): Promise<VersionRow | undefined> {
    const answer = await connection.query<Raw<VersionRow>>(
      `select ${VERSION_COLUMNS} from registry_versions v
       where v.workspace = $1 and v.model = $2 and v.version = $3`,
      [this.#workspace, model, version],
    );
    return answer.rows.map(timed<VersionRow>)[0];
  }

  /** The newest version of a model in each stage. */
  async newest(connection: Connection, models: readonly string[]): Promise<VersionRow[]> {
    const answer = await connection.query<Raw<VersionRow>>(
      `select distinct on (v.model, v.stage) ${VERSION_COLUMNS} from registry_versions v
       where v.workspace = $1 and v.model = any($2::text[]) order by v.model, v.stage, v.version desc`,
      [this.#workspace, models],
    );
    return answer.rows.map(timed<VersionRow>);
  }

  /** The versions that an alias points to. */
  async pointed(connection: Connection, models: readonly string[]): Promise<VersionRow[]> {
    const answer = await connection.query<Raw<VersionRow>>(
      `select distinct ${VERSION_COLUMNS} from registry_aliases a
       join registry_versions v on v.workspace = a.workspace and v.model = a.model and v.version = a.version
       where a.workspace = $1 and a.model = any($2::text[])`,
      [this.#workspace, models],
    );
    return answer.rows.map(timed<VersionRow>);
  }

  /** The versions of a model in a stage that is a gate. */
  async guarded(connection: Connection, model: string): Promise<VersionRow[]> {
    const answer = await connection.query<Raw<VersionRow>>(
      `select ${VERSION_COLUMNS} from registry_versions v
       where v.workspace = $1 and v.model = $2 and v.stage in ('Staging', 'Production')`,
      [this.#workspace, model],
    );
    return answer.rows.map(timed<VersionRow>);
  }

  /** How a registration came out. A version that was deleted meanwhile stays so. */
  async settle(
    connection: Connection,
    job: string,
    end: Pick<VersionRow, "status" | "message"> & { artifact: Digest | null },
  ): Promise<void> {
    await connection.query(
      `update registry_versions set status = $3, message = $4, artifact = coalesce($5, artifact), updated_at = $6
       where workspace = $1 and job = $2 and status = 'PENDING_REGISTRATION'`,
      [this.#workspace, job, end.status, end.message, end.artifact, this.#clock()],
    );
  }

  async byJob(connection: Connection, job: string): Promise<VersionRow | undefined> {
    const answer = await connection.query<Raw<VersionRow>>(
      `select ${VERSION_COLUMNS} from registry_versions v where v.workspace = $1 and v.job = $2`,
      [this.#workspace, job],
    );
    return answer.rows.map(timed<VersionRow>)[0];
  }

  /** Versions with bytes here whose source says `text` somewhere, oldest first. */
  async withSource(connection: Connection, text: string): Promise<VersionRow[]> {
    const answer = await connection.query<Raw<VersionRow>>(
      `select ${VERSION_COLUMNS} from registry_versions v
       where v.workspace = $1 and v.root is not null and position($2 in v.source) > 0 order by v.created_at, v.root`,
      [this.#workspace, text],
    );
    return answer.rows.map(timed<VersionRow>);
  }

  async pending(connection: Connection): Promise<VersionRow[]> {
    const answer = await connection.query<Raw<VersionRow>>(
      `select ${VERSION_COLUMNS} from registry_versions v
       where v.workspace = $1 and v.status = 'PENDING_REGISTRATION'`,
      [this.#workspace],
    );
    return answer.rows.map(timed<VersionRow>);
  }

  async describe(connection: Connection, { model, version }: VersionRow, description: string): Promise<void> {
    await connection.query(
      `update registry_versions set description = $4, updated_at = $5
       where workspace = $1 and model = $2 and version = $3`,
      [this.#workspace, model, version, description, this.#clock()],
    );
  }

  async stage(connection: Connection, { model, version }: VersionRow, stage: Stage): Promise<void> {
    await connection.query(
      `update registry_versions set stage = $4, updated_at = $5
       where workspace = $1 and model = $2 and version = $3`,
      [this.#workspace, model, version, stage, this.#clock()],
    );
  }

  async archiveOthers(connection: Connection, { model, version }: VersionRow, stage: Stage): Promise<void> {
    await connection.query(
      `update registry_versions set stage = 'Archived', updated_at = $5
       where workspace = $1 and model = $2 and version <> $3 and stage = $4`,
      [this.#workspace, model, version, stage, this.#clock()],
    );
  }

  async remove(connection: Connection, { model, version }: VersionRow): Promise<void> {
    for (const table of ["registry_aliases", "registry_tags", "registry_versions"])
      await connection.query(`delete from ${table} where workspace = $1 and model = $2 and version = $3`, [
        this.#workspace,
        model,
        version,
      ]);
  }

  async setAlias(connection: Connection, { model, version }: VersionRow, alias: string): Promise<void> {
    await connection.query(
      `insert into registry_aliases (workspace, model, alias, version) values ($1, $2, $3, $4)
       on conflict (workspace, model, alias) do update set version = excluded.version`,
      [this.#workspace, model, alias, version],
    );
  }

  async removeAlias(connection: Connection, model: string, alias: string): Promise<void> {
    await connection.query(
      "delete from registry_aliases where workspace = $1 and model = $2 and alias = $3",
      [this.#workspace, model, alias],
    );
  }

  async byAlias(connection: Connection, model: ModelRow, alias: string): Promise<VersionRow> {
    const answer = await connection.query<Raw<VersionRow>>(
      `select ${VERSION_COLUMNS} from registry_aliases a
       join registry_versions v on v.workspace = a.workspace and v.model = a.model and v.version = a.version
       where a.workspace = $1 and a.model = $2 and a.alias = $3`,
      [this.#workspace, model.id, alias],
    );
    const row = answer.rows.map(timed<VersionRow>)[0];
    // Not RESOURCE_DOES_NOT_EXIST: MLflow's own server answers so, and its clients tell the two apart.
    if (row === undefined) throw invalid(`Registered model alias ${quoted(alias)} not found.`);
    return row;
  }

  async aliases(connection: Connection, models: readonly string[]): Promise<AliasRow[]> {
    const answer = await connection.query<AliasRow>(
      `select model, alias, version from registry_aliases
       where workspace = $1 and model = any($2::text[]) order by alias collate "C"`,
      [this.#workspace, models],
    );
    return answer.rows;
  }
}
