import { randomUUID } from "node:crypto";
import type { Job, JobKind, JobState, Problem } from "@countersign/api";
import { CountersignError } from "@countersign/evidence";
import { and, desc, eq, inArray, lt, sql } from "drizzle-orm";
import { type Seals, sameSeal } from "../auth/seals.js";
import type { Db } from "../database/open.js";
import { jobs } from "../database/schema.js";
import { toProblem } from "../http/problem.js";

/** The same everywhere: the example is loaded once, however often the server is killed on the way. */
export const EXAMPLE = "00000000-0000-8000-a000-000000000001";

type Row = typeof jobs.$inferSelect;

export interface NewJob {
  /** Chosen by the caller when a repeated request must not make a second job. */
  id?: string;
  kind: JobKind;
  title: string;
  principal: string;
  input: unknown;
}

/** A job that this process holds the lease of. */
export interface Claim {
  id: string;
  kind: JobKind;
  title: string;
  principal: string;
  input: unknown;
  attempts: number;
  /** False: somebody else wrote what it asks for. */
  genuine: boolean;
}

export interface Progress {
  step: string;
  done: number;
  total: number;
}

export class JobStore {
  readonly #db: Db;
  readonly #workspace: string;
  readonly #clock: () => number;
  readonly #seals: Seals;

  constructor(db: Db, workspace: string, clock: () => number, seals: Seals) {
    this.#seals = seals;
    this.#db = db;
    this.#workspace = workspace;
    this.#clock = clock;
  }

  async create(job: NewJob): Promise<Job> {
    const now = this.#clock();
    const id = job.id ?? randomUUID();
    const row = { ...job, id, workspace: this.#workspace, state: "queued", createdAt: now, updatedAt: now };
    const seal = this.#sealOf(row);
    await this.#db
      .insert(jobs)
      .values({ ...row, seal })
      .onConflictDoNothing();
    const made = await this.get(id);
    if (!made) throw new Error("a job that was just stored is not there");
    return made;
  }

  async get(id: string): Promise<Job | undefined> {
    const rows = await this.#db.select().from(jobs).where(this.#is(id));
    return rows[0] && this.#toJob(rows[0]);
  }

  /** Newest first; `before` is the sequence number that the page before ended with. */
  async list(limit: number, before?: number, state?: JobState): Promise<{ job: Job; sequence: number }[]> {
    const rows = await this.#db
      .select()
      .from(jobs)
      .where(
        and(
          eq(jobs.workspace, this.#workspace),
          before === undefined ? undefined : lt(jobs.sequence, before),
          state === undefined ? undefined : eq(jobs.state, state),
        ),
      )
      .orderBy(desc(jobs.sequence))
      .limit(limit);
    return rows.map((row) => ({ job: this.#toJob(row), sequence: row.sequence }));
  }

  /** The oldest job that waits, or whose holder let its lease run out. */
  async claim(owner: string, leaseMs: number): Promise<Claim | undefined> {
    const now = this.#clock();
    const next = sql`(select id from jobs where workspace = ${this.#workspace}
      and (state = 'queued' or (state = 'running' and lease_until < ${now}))
      order by sequence limit 1 for update skip locked)`;
    const rows = await this.#db
      .update(jobs)
      .set({
        state: "running",
        leaseOwner: owner,
        leaseUntil: now + leaseMs,
        attempts: sql`${jobs.attempts} + 1`,
        updatedAt: now,
      })
      .where(and(eq(jobs.workspace, this.#workspace), sql`${jobs.id} = ${next}`))
      .returning();
    return rows[0] && { ...toClaim(rows[0]), genuine: sameSeal(rows[0].seal, this.#sealOf(rows[0])) };
  }

  /** Keeps the lease and tells how far the work is. False: the lease was lost. */
  async beat(
    id: string,
    owner: string,
    leaseMs: number,
    progress: Progress,
  ): Promise<{ cancel: boolean } | undefined> {
    const now = this.#clock();
    const rows = await this.#db
      .update(jobs)
      .set({ leaseUntil: now + leaseMs, updatedAt: now, ...progress })
      .where(this.#heldBy(id, owner))
      .returning({ cancel: jobs.cancelRequested });
    return rows[0];
  }

  /** Ends a job that `owner` still holds; answers it as it now is, or nothing when the lease was lost. */
  async finish(
    id: string,
    owner: string,
    end: { state: "succeeded" | "failed" | "cancelled"; result?: unknown; error?: Problem },
  ): Promise<Job | undefined> {
    const rows = await this.#db
      .update(jobs)
      .set({
        state: end.state,
        result: end.result ?? null,
        error: end.error ?? null,
        leaseOwner: null,
        updatedAt: this.#clock(),
        endSeal: this.#endSealOf({ id, state: end.state, result: end.result ?? null }),
      })
      .where(this.#heldBy(id, owner))
      .returning();
    return rows[0] && this.#toJob(rows[0]);
  }

  /** Gives a job back unfinished: the next claim continues it, and the attempt does not count. */
  async release(id: string, owner: string): Promise<void> {
    await this.#db
      .update(jobs)
      .set({ state: "queued", leaseOwner: null, leaseUntil: 0, attempts: sql`${jobs.attempts} - 1` })
      .where(this.#heldBy(id, owner));
  }

  /** A job that waits is cancelled at once; one that runs is asked to stop. */
  async cancel(id: string): Promise<Job | undefined> {
    const now = this.#clock();
    const open = inArray(jobs.state, ["queued", "running"]);
    const state = sql`case when ${jobs.state} = 'queued' then 'cancelled' else ${jobs.state} end`;
    await this.#db
      .update(jobs)
      .set({ cancelRequested: true, state, updatedAt: now })
      .where(and(this.#is(id), open));
    return this.get(id);
  }

  /** At start, with the database locked for this server, whoever held a lease is dead. */
  async expireLeases(): Promise<number> {
    const rows = await this.#db
      .update(jobs)
      .set({ leaseUntil: 0 })
      .where(and(eq(jobs.workspace, this.#workspace), eq(jobs.state, "running")))
      .returning({ id: jobs.id });
    return rows.length;
  }

  async openIds(): Promise<string[]> {
    const rows = await this.#db
      .select({ id: jobs.id })
      .from(jobs)
      .where(and(eq(jobs.workspace, this.#workspace), inArray(jobs.state, ["queued", "running"])));
    return rows.map(({ id }) => id);
  }

  #sealOf({
    id,
    kind,
    title,
    principal,
    input,
  }: Pick<Row, "id" | "kind" | "title" | "principal" | "input">): string {
    return this.#seals.make("job", this.#workspace, id, kind, title, principal, input);
  }

  #endSealOf({ id, state, result }: { id: string; state: string; result: unknown }): string {
    return this.#seals.make("job-end", this.#workspace, id, state, result ?? null);
  }

  /** A success that this server did not write is shown as what it is: a changed row. */
  #toJob(row: Row): Job {
    const job = toJob(row);
    if (row.state !== "succeeded" || sameSeal(row.endSeal, this.#endSealOf(row))) return job;
    const fault = new CountersignError(
      "projection-mismatch",
      `the row of job ${row.id} was changed in the database`,
    );
    return { ...job, state: "failed", result: null, error: toProblem(fault, "") };
  }

  #is(id: string): ReturnType<typeof and> {
    return and(eq(jobs.workspace, this.#workspace), eq(jobs.id, id));
  }

  #heldBy(id: string, owner: string): ReturnType<typeof and> {
    return and(this.#is(id), eq(jobs.leaseOwner, owner), eq(jobs.state, "running"));
  }
}

function toClaim({ id, kind, title, principal, input, attempts }: Row): Omit<Claim, "genuine"> {
  return { id, kind: kind as JobKind, title, principal, input, attempts };
}

function toJob(row: Row): Job {
  return {
    id: row.id,
    workspace: row.workspace,
    kind: row.kind as JobKind,
    state: row.state as JobState,
    title: row.title,
    progress: { step: row.step, done: row.done, total: row.total },
    attempts: row.attempts,
    cancelRequested: row.cancelRequested,
    result: row.result,
    error: row.error as Problem | null,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}
