import type { Judged } from "@countersign/facts";
import type { Workspace } from "@countersign/workspace";
import type pg from "pg";
import { inTransaction } from "../database/transaction.js";
import type { Consumer } from "./consumer.js";

const BATCH = 1_000;

interface Parts {
  workspace: Workspace;
  pool: pg.Pool;
  /** Names the data directory whose log was read. */
  instance: string;
  onFault: (error: unknown) => void;
}

/** Keeps one consumer abreast of the log. */
export class Runner {
  readonly #parts: Parts;
  readonly #consumer: Consumer;
  readonly #unsubscribe: () => void;
  #position = 0;
  #opened = false;
  #running: Promise<void> = Promise.resolve();
  #queued = false;

  constructor(consumer: Consumer, parts: Parts) {
    this.#consumer = consumer;
    this.#parts = parts;
    this.#unsubscribe = parts.workspace.onEntry(() => this.#wake());
  }

  /** Resolves once everything that is in the log now is in the tables: for answers that must see the caller's own write. */
  async caughtUp(): Promise<void> {
    const { size } = this.#parts.workspace;
    while (!this.#opened || this.#position < size) await this.#next();
  }

  async close(): Promise<void> {
    this.#unsubscribe();
    await this.#running.catch(() => undefined);
  }

  #wake(): void {
    if (this.#queued) return;
    this.#queued = true;
    this.#next().catch(this.#parts.onFault);
  }

  /** One run after the other; whoever asks meanwhile waits for the next one. */
  #next(): Promise<void> {
    const run = this.#running
      .catch(() => undefined)
      .then(() => {
        this.#queued = false;
        return this.#run();
      });
    this.#running = run;
    return run;
  }

  async #run(): Promise<void> {
    if (!this.#opened) await this.#open();
    const { workspace } = this.#parts;
    while (this.#position < workspace.size)
      await this.#step(Math.min(workspace.size, this.#position + BATCH));
  }

  async #step(to: number): Promise<void> {
    const { pool, workspace } = this.#parts;
    const items = await this.#read(this.#position, to);
    await inTransaction(pool, async (client) => {
      if (items.length > 0) await this.#consumer.apply(client, items);
      await client.query("update cursors set position = $3 where workspace = $1 and consumer = $2", [
        workspace.id,
        this.#consumer.name,
        to,
      ]);
    });
    this.#position = to;
  }

  async #read(from: number, to: number): Promise<Judged[]> {
    const { workspace } = this.#parts;
    const wanted: number[] = [];
    for await (const entry of workspace.entries(from, to)) {
      if (entry.workspace !== workspace.id) continue;
      if (this.#consumer.predicates.includes(entry.predicate)) wanted.push(entry.index);
    }
    return Promise.all(wanted.map((index) => workspace.read(index)));
  }

  /** Rows of another data directory, or of a log that has since been cut, say nothing about this one. */
  async #open(): Promise<void> {
    const { pool, workspace, instance } = this.#parts;
    const { name } = this.#consumer;
    const answer = await pool.query<{ position: string; instance: string }>(
      "select position, instance from cursors where workspace = $1 and consumer = $2",
      [workspace.id, name],
    );
    const row = answer.rows[0];
    const fits = row?.instance === instance && Number(row.position) <= workspace.size;
    if (!fits) await inTransaction(pool, (client) => this.#restart(client));
    this.#position = fits ? Number(row.position) : 0;
    this.#opened = true;
  }

  async #restart(client: pg.PoolClient): Promise<void> {
    const { workspace, instance } = this.#parts;
    await this.#consumer.forget(client);
    await client.query(
      `insert into cursors (workspace, consumer, instance, position) values ($1, $2, $3, 0)
       on conflict (workspace, consumer) do update set instance = excluded.instance, position = 0`,
      [workspace.id, this.#consumer.name, instance],
    );
  }
}
