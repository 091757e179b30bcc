import type { EventKind, WorkspaceEvent } from "@countersign/api";
import { and, asc, eq, gt, sql } from "drizzle-orm";
import type { Db } from "../database/open.js";
import { events } from "../database/schema.js";

type Listener = (event: WorkspaceEvent) => void;

/** Events that are kept; an older Last-Event-ID continues with the oldest one. */
const KEPT = 10_000;

/** Stores events and hands them to whoever listens, in one order. */
export class EventHub {
  readonly #db: Db;
  readonly #workspace: string;
  readonly #clock: () => number;
  readonly #listeners = new Set<Listener>();
  readonly #onFault: (error: unknown) => void;
  // One at a time: ids are drawn in the order in which the rows become visible, so no reader can skip one.
  #last: Promise<void> = Promise.resolve();

  constructor(db: Db, workspace: string, clock: () => number, onFault: (error: unknown) => void) {
    this.#db = db;
    this.#workspace = workspace;
    this.#clock = clock;
    this.#onFault = onFault;
  }

  /** Never fails its caller: an event tells of something that is already on the record. */
  publish(kind: EventKind, data: unknown): Promise<void> {
    this.#last = this.#last.then(() => this.#store(kind, data)).catch(this.#onFault);
    return this.#last;
  }

  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  async after(id: number, limit: number): Promise<WorkspaceEvent[]> {
    const rows = await this.#db
      .select()
      .from(events)
      .where(and(eq(events.workspace, this.#workspace), gt(events.id, id)))
      .orderBy(asc(events.id))
      .limit(limit);
    return rows.map(toEvent);
  }

  async newest(): Promise<number> {
    const rows = await this.#db
      .select({ id: sql<string>`coalesce(max(${events.id}), 0)` })
      .from(events)
      .where(eq(events.workspace, this.#workspace));
    return Number(rows[0]?.id ?? 0);
  }

  flush(): Promise<void> {
    return this.#last;
  }

  async #store(kind: EventKind, data: unknown): Promise<void> {
    const [row] = await this.#db
      .insert(events)
      .values({ workspace: this.#workspace, at: this.#clock(), kind, data })
      .returning();
    if (!row) return;
    if (row.id % 1_000 === 0) await this.#trim(row.id);
    for (const listener of this.#listeners) listener(toEvent(row));
  }

  async #trim(newest: number): Promise<void> {
    await this.#db
      .delete(events)
      .where(and(eq(events.workspace, this.#workspace), sql`${events.id} <= ${newest - KEPT}`));
  }
}

function toEvent(row: typeof events.$inferSelect): WorkspaceEvent {
  return { id: String(row.id), at: row.at, kind: row.kind as EventKind, data: row.data };
}
