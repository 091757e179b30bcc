import { randomUUID } from "node:crypto";
import type { AssetFilter, SavedFilter } from "@countersign/api";
import { CountersignError } from "@countersign/evidence";
import type pg from "pg";

interface Row {
  id: string;
  name: string;
  filter: AssetFilter;
  created_at: string;
}

const MOST = 200;

/** Each principal's own saved filters. They live in the database alone: nothing is decided by them. */
export class Filters {
  readonly #pool: pg.Pool;
  readonly #workspace: string;
  readonly #clock: () => number;

  constructor(pool: pg.Pool, workspace: string, clock: () => number) {
    this.#pool = pool;
    this.#workspace = workspace;
    this.#clock = clock;
  }

  async list(principal: string): Promise<SavedFilter[]> {
    const { rows } = await this.#pool.query<Row>(
      "select id, name, filter, created_at from saved_filters where workspace = $1 and principal = $2 order by name",
      [this.#workspace, principal],
    );
    return rows.map(view);
  }

  /** Takes the place of the principal's filter of that name. */
  async save(principal: string, name: string, filter: AssetFilter): Promise<SavedFilter> {
    const kept = await this.list(principal);
    if (kept.length >= MOST && !kept.some((one) => one.name === name)) {
      throw new CountersignError(
        "too-complex",
        `There are ${MOST} saved filters. Remove one that is not needed.`,
      );
    }
    const { rows } = await this.#pool.query<Row>(
      `insert into saved_filters (workspace, id, principal, name, filter, created_at) values ($1, $2, $3, $4, $5, $6)
       on conflict (workspace, principal, name) do update set filter = excluded.filter
       returning id, name, filter, created_at`,
      [this.#workspace, randomUUID(), principal, name, JSON.stringify(filter), this.#clock()],
    );
    return view(rows[0] as Row);
  }

  async remove(principal: string, id: string): Promise<void> {
    const { rowCount } = await this.#pool.query(
      "delete from saved_filters where workspace = $1 and principal = $2 and id = $3",
      [this.#workspace, principal, id],
    );
    if (rowCount === 0) throw new CountersignError("not-found", "You have no saved filter of that id.");
  }
}

const view = ({ id, name, filter, created_at }: Row): SavedFilter => ({
  id,
  name,
  filter,
  createdAt: Number(created_at),
});
