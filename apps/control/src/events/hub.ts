import type { EventKind, WorkspaceEvent } from "@countersign/api";
import { and, asc, eq, gt, sql } from "drizzle-orm";
import type { Db } from "../database/open.js";
import { events } from "../database/schema.js";

type Listener = (event: WorkspaceEvent) => void;
type Row = typeof events.$inferInsert;

/** Events that are kept; an older Last-Event-ID continues with the oldest one. */
const KEPT = 10_000;
const TRIM_EVERY = 1_000;
const ROWS_PER_INSERT = 500;

/** Stores events and hands them to whoever listens, in one order. */
export class EventHub {
  readonly #db: Db;
  readonly #workspace: string;
  readonly #clock: () => number;
  readonly #listeners = new Set<Listener>();
  readonly #onFault: (error: unknown) => void;
  #waiting: Row[] = [];
  // One writer at a time: ids are drawn in the order in which the rows become visible, so no reader can skip one.
  #writing: Promise<void> | undefined;
  #trimmed = 0;

  constructor(db: Db, workspace: string, clock: () => number, onFault: (error: unknown) => void) {
    this.#db = db;
    this.#workspace = workspace;
    this.#clock = clock;
    this.#onFault = onFault;
  }

  /** Never fails its caller: an event tells of something that is already on the record. */
  publish(kind: EventKind, data: unknown): void {
    this.#waiting.push({ workspace: this.#workspace, at: this.#clock(), kind, data });
    this.#writing ??= this.#writeAll()
      .catch(this.#onFault)
      .finally(() => {
        this.#writing = undefined;
      });
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

  async flush(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, ROWS_PER_INSERT);
      const stored = await this.#db.insert(events).values(batch).returning();
      const inOrder = stored.sort((a, b) => a.id - b.id).map(toEvent);
      for (const event of inOrder) for (const listener of this.#listeners) listener(event);
      await this.#trim(Number(inOrder.at(-1)?.id ?? 0));
    }
  }

  async #trim(newest: number): Promise<void> {
    if (newest - this.#trimmed < TRIM_EVERY) return;
    this.#trimmed = newest;
    const old = sql`${events.id} <= ${newest - KEPT}`;
    await this.#db.delete(events).where(and(eq(events.workspace, this.#workspace), old));
  }
}

function toEvent(row: typeof events.$inferSelect): WorkspaceEvent {
  return { id: String(row.id), at: row.at, kind: row.kind as EventKind, data: row.data };
}
