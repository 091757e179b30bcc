import { invalid, missing, type Pair, ProtocolError, type Stage } from "@countersign/tracking";
import type pg from "pg";
import { inTransaction } from "../../database/transaction.js";

export interface Experiment {
  id: number;
  name: string;
  artifactLocation: string;
  stage: Stage;
  createdAt: number;
  updatedAt: number;
  tags: Pair[];
}

export interface TrackingParts {
  workspace: string;
  pool: pg.Pool;
  clock: () => number;
}

/** The experiment that runs belong to when their client names none. */
const DEFAULT_EXPERIMENT = 0;

const COLUMNS = `id, name, artifact_location, stage, created_at, updated_at,
  (select coalesce(json_agg(json_build_object('key', t.key, 'value', t.value) order by t.key), '[]')
   from experiment_tags t where t.workspace = e.workspace and t.experiment = e.id) as tags`;

export class ExperimentStore {
  readonly #parts: TrackingParts;

  constructor(parts: TrackingParts) {
    this.#parts = parts;
  }

  async ensureDefault(): Promise<void> {
    const { pool, workspace, clock } = this.#parts;
    await pool.query(
      `insert into experiments (workspace, id, name, artifact_location, created_at, updated_at)
       values ($1, $2, 'Default', $3, $4, $4) on conflict do nothing`,
      [workspace, DEFAULT_EXPERIMENT, locationOf(DEFAULT_EXPERIMENT), clock()],
    );
  }

  async create(name: string, location: string | undefined, tags: Pair[]): Promise<number> {
    const { pool, workspace, clock } = this.#parts;
    return inTransaction(pool, async (client) => {
      await this.#lockNames(client);
      const known = await this.#rows(client, "name = $2", [name]);
      if (known[0]) throw nameTaken(known[0]);
      const answer = await client.query<{ id: string }>(
        `insert into experiments (workspace, id, name, artifact_location, created_at, updated_at)
         select $1, i.id, $2, coalesce($3, $4 || i.id), $5, $5
         from (select coalesce(max(id), 0) + 1 as id from experiments where workspace = $1) i returning id`,
        [workspace, name, location ?? null, locationOf(""), clock()],
      );
      const id = Number(answer.rows[0]?.id);
      await setTags(client, workspace, id, tags);
      return id;
    });
  }

  async get(id: string): Promise<Experiment> {
    const number = experimentId(id);
    const [found] = await this.#rows(this.#parts.pool, "id = $2", [number]);
    if (!found) throw missing(`No Experiment with id=${id} exists`);
    return found;
  }

  async byName(name: string): Promise<Experiment> {
    const [found] = await this.#rows(this.#parts.pool, "name = $2", [name]);
    if (!found) throw missing(`Could not find experiment with name '${name}'`);
    return found;
  }

  /** The runs go and come back with their experiment. */
  async setStage(id: string, stage: Stage): Promise<void> {
    const { pool, workspace, clock } = this.#parts;
    const number = experimentId(id);
    const from = stage === "deleted" ? "active" : "deleted";
    await inTransaction(pool, async (client) => {
      const answer = await client.query(
        `update experiments set stage = $3, updated_at = $4
         where workspace = $1 and id = $2 and stage = $5 returning id`,
        [workspace, number, stage, clock(), from],
      );
      if (answer.rows.length === 0) throw missing(`No ${from} Experiment with id=${id} exists`);
      await client.query(
        "update runs set stage = $3, deleted_at = $4 where workspace = $1 and experiment = $2 and stage <> $3",
        [workspace, number, stage, stage === "deleted" ? clock() : null],
      );
    });
  }

  async rename(id: string, name: string): Promise<void> {
    const { pool, workspace, clock } = this.#parts;
    const experiment = await this.get(id);
    if (experiment.stage !== "active") throw invalid("Cannot rename a non-active experiment.");
    await inTransaction(pool, async (client) => {
      await this.#lockNames(client);
      const [other] = await this.#rows(client, "name = $2", [name]);
      if (other && other.id !== experiment.id) throw nameTaken(other);
      await client.query(
        "update experiments set name = $3, updated_at = $4 where workspace = $1 and id = $2",
        [workspace, experiment.id, name, clock()],
      );
    });
  }

  async setTag(id: string, tag: Pair): Promise<void> {
    const { pool, workspace, clock } = this.#parts;
    const experiment = await this.#requireActive(id);
    await inTransaction(pool, async (client) => {
      await setTags(client, workspace, experiment.id, [tag]);
      await client.query("update experiments set updated_at = $3 where workspace = $1 and id = $2", [
        workspace,
        experiment.id,
        clock(),
      ]);
    });
  }

  async deleteTag(id: string, key: string): Promise<void> {
    const { pool, workspace } = this.#parts;
    const experiment = await this.#requireActive(id);
    const answer = await pool.query(
      "delete from experiment_tags where workspace = $1 and experiment = $2 and key = $3 returning key",
      [workspace, experiment.id, key],
    );
    if (answer.rows.length === 0) throw missing(`No tag with name: ${key} in experiment with id ${id}`);
  }

  /** `condition` and `order` are made of fixed texts and `$n`; values stand in `values`. */
  async search(condition: string, values: unknown[], order: string): Promise<Experiment[]> {
    return this.#rows(this.#parts.pool, condition, values, order);
  }

  /** Two that take the same name at once: the second hears that it is taken. */
  async #lockNames(client: pg.PoolClient): Promise<void> {
    await client.query("select pg_advisory_xact_lock(hashtextextended($1, 3))", [this.#parts.workspace]);
  }

  async #requireActive(id: string): Promise<Experiment> {
    const experiment = await this.get(id);
    if (experiment.stage === "active") return experiment;
    throw invalid(`The experiment ${id} must be in the 'active' state. Current state is deleted.`);
  }

  async #rows(
    client: pg.Pool | pg.PoolClient,
    condition: string,
    values: unknown[],
    order = "id",
  ): Promise<Experiment[]> {
    const answer = await client.query<Row>(
      `select ${COLUMNS} from experiments e where e.workspace = $1 and (${condition}) order by ${order}`,
      [this.#parts.workspace, ...values],
    );
    return answer.rows.map(fromRow);
  }
}

interface Row {
  id: string;
  name: string;
  artifact_location: string;
  stage: Stage;
  created_at: string;
  updated_at: string;
  tags: Pair[];
}

function fromRow(row: Row): Experiment {
  return {
    id: Number(row.id),
    name: row.name,
    artifactLocation: row.artifact_location,
    stage: row.stage,
    createdAt: Number(row.created_at),
    updatedAt: Number(row.updated_at),
    tags: row.tags,
  };
}

async function setTags(client: pg.PoolClient, workspace: string, id: number, tags: Pair[]): Promise<void> {
  await client.query(
    `insert into experiment_tags (workspace, experiment, key, value)
     select $1, $2, key, value from unnest($3::text[], $4::text[]) as t(key, value)
     on conflict (workspace, experiment, key) do update set value = excluded.value`,
    [workspace, id, tags.map(({ key }) => key), tags.map(({ value }) => value)],
  );
}

/** The location that the proxy serves; a client may name its own, and then writes there itself. */
function locationOf(id: number | ""): string {
  return `mlflow-artifacts:/${id}`;
}

export function experimentId(id: string): number {
  if (/^\d{1,15}$/.test(id)) return Number(id);
  throw missing(`No Experiment with id=${id.slice(0, 64)} exists`);
}

function nameTaken({ name, stage }: Experiment): ProtocolError {
  const note = stage === "deleted" ? " in deleted state. Restore it, or choose another name" : "";
  return new ProtocolError("RESOURCE_ALREADY_EXISTS", `Experiment '${name}' already exists${note}.`);
}
