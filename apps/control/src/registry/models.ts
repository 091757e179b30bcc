import { randomUUID } from "node:crypto";
import { missing, ProtocolError } from "@countersign/tracking";
import { quoted } from "./names.js";
import { type Connection, MODEL_COLUMNS, type ModelRow, type Raw, timed } from "./rows.js";

/** Rows of registered models. */
export class Models {
  readonly #workspace: string;
  readonly #clock: () => number;

  constructor(workspace: string, clock: () => number) {
    this.#workspace = workspace;
    this.#clock = clock;
  }

  async create(
    connection: Connection,
    model: Pick<ModelRow, "name" | "description" | "prompt" | "principal">,
  ): Promise<ModelRow> {
    const now = this.#clock();
    const { name, description, prompt, principal } = model;
    const answer = await connection.query<Raw<ModelRow>>(
      `insert into registry_models (workspace, id, name, description, prompt, principal, created_at, updated_at)
       values ($1, $2, $3, $4, $5, $6, $7, $7) on conflict do nothing returning ${MODEL_COLUMNS}`,
      [this.#workspace, randomUUID(), name, description, prompt, principal, now],
    );
    const row = answer.rows[0];
    if (row === undefined) throw taken(name);
    return timed<ModelRow>(row);
  }

  async find(connection: Connection, name: string): Promise<ModelRow | undefined> {
    return this.#find(connection, name, "");
  }

  async get(connection: Connection, name: string): Promise<ModelRow> {
    return this.#require(await this.#find(connection, name, ""), name);
  }

  async byId(connection: Connection, id: string): Promise<ModelRow | undefined> {
    const answer = await connection.query<Raw<ModelRow>>(
      `select ${MODEL_COLUMNS} from registry_models where workspace = $1 and id = $2`,
      [this.#workspace, id],
    );
    return answer.rows.map(timed<ModelRow>)[0];
  }

  /** Held to the end of the transaction: aliases, stages, renames and deletions of one model come one after the other. */
  async lock(connection: Connection, name: string): Promise<ModelRow> {
    return this.#require(await this.#find(connection, name, "for update"), name);
  }

  async describe(connection: Connection, id: string, description: string): Promise<void> {
    await connection.query(
      "update registry_models set description = $3, updated_at = $4 where workspace = $1 and id = $2",
      [this.#workspace, id, description, this.#clock()],
    );
  }

  async touch(connection: Connection, id: string): Promise<void> {
    await connection.query("update registry_models set updated_at = $3 where workspace = $1 and id = $2", [
      this.#workspace,
      id,
      this.#clock(),
    ]);
  }

  async rename(connection: Connection, model: ModelRow, name: string): Promise<void> {
    if ((await this.find(connection, name)) !== undefined) throw taken(name);
    await connection.query(
      "update registry_models set name = $3, updated_at = $4 where workspace = $1 and id = $2",
      [this.#workspace, model.id, name, this.#clock()],
    );
    await connection.query(
      `insert into registry_numbers (workspace, name, last)
       select workspace, $3, last from registry_numbers where workspace = $1 and name = $2
       on conflict (workspace, name) do update set last = greatest(registry_numbers.last, excluded.last)`,
      [this.#workspace, model.name, name],
    );
  }

  /** A number is used once under a name, also after its version or the whole model was deleted: people pin versions by it. */
  async nextNumber(connection: Connection, name: string): Promise<number> {
    const answer = await connection.query<{ last: number }>(
      `insert into registry_numbers (workspace, name, last) values ($1, $2, 1)
       on conflict (workspace, name) do update set last = registry_numbers.last + 1 returning last`,
      [this.#workspace, name],
    );
    return answer.rows[0]?.last ?? 1;
  }

  async remove(connection: Connection, id: string): Promise<void> {
    for (const table of ["registry_aliases", "registry_tags", "registry_versions"])
      await connection.query(`delete from ${table} where workspace = $1 and model = $2`, [
        this.#workspace,
        id,
      ]);
    await connection.query("delete from registry_models where workspace = $1 and id = $2", [
      this.#workspace,
      id,
    ]);
  }

  async #find(connection: Connection, name: string, lock: "" | "for update"): Promise<ModelRow | undefined> {
    const answer = await connection.query<Raw<ModelRow>>(
      `select ${MODEL_COLUMNS} from registry_models where workspace = $1 and name = $2 ${lock}`,
      [this.#workspace, name],
    );
    return answer.rows.map(timed<ModelRow>)[0];
  }

  #require(row: ModelRow | undefined, name: string): ModelRow {
    if (row === undefined) throw missing(`Registered Model with name=${quoted(name)} not found`);
    return row;
  }
}

function taken(name: string): ProtocolError {
  return new ProtocolError("RESOURCE_ALREADY_EXISTS", `Registered Model (name=${name}) already exists.`);
}
