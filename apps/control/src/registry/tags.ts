import type { Connection, TagRow } from "./rows.js";

interface Owner {
  model: string;
  /** 0: the registered model itself. */
  version: number;
}

/** Tags of registered models and of their versions. */
export class Tags {
  readonly #workspace: string;

  constructor(workspace: string) {
    this.#workspace = workspace;
  }

  async set(connection: Connection, { model, version }: Owner, { key, value }: TagRow): Promise<void> {
    await connection.query(
      `insert into registry_tags (workspace, model, version, key, value) values ($1, $2, $3, $4, $5)
       on conflict (workspace, model, version, key) do update set value = excluded.value`,
      [this.#workspace, model, version, key, value],
    );
  }

  async remove(connection: Connection, { model, version }: Owner, key: string): Promise<void> {
    await connection.query(
      "delete from registry_tags where workspace = $1 and model = $2 and version = $3 and key = $4",
      [this.#workspace, model, version, key],
    );
  }

  /** By owner, as `keyOf` names it. */
  async of(connection: Connection, models: readonly string[]): Promise<Map<string, TagRow[]>> {
    const answer = await connection.query<Owner & TagRow>(
      `select model, version, key, value from registry_tags
       where workspace = $1 and model = any($2::text[]) order by key collate "C"`,
      [this.#workspace, models],
    );
    const found = new Map<string, TagRow[]>();
    for (const { key, value, ...owner } of answer.rows) {
      const tags = found.get(keyOf(owner)) ?? [];
      tags.push({ key, value });
      found.set(keyOf(owner), tags);
    }
    return found;
  }
}

export function keyOf({ model, version }: Owner): string {
  return `${model} ${version}`;
}
