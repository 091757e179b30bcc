import { randomUUID } from "node:crypto";
import type { Job, JobKind, Problem } from "@countersign/api";
import { CountersignError } from "@countersign/evidence";
import type { Claim, JobStore, Progress } from "./store.js";

export interface JobContext {
  id: string;
  principal: string;
  signal: AbortSignal;
  progress(step: string, done: number, total: number): void;
}

/** Does the work of one kind; must be safe to run again from the start after a kill. */
export type JobHandler = (input: unknown, context: JobContext) => Promise<unknown>;

export interface WorkerOptions {
  store: JobStore;
  handlers: Record<JobKind, JobHandler>;
  leaseMs: number;
  /** How many run at once. */
  slots: number;
  toProblem(error: unknown): Problem;
  onChange(job: Job): void;
  /** Called once a job will not run again, whatever its end. */
  onEnd(job: Job): Promise<void>;
  onFault(error: unknown): void;
}

/** A job that takes the server down with it must not do so for ever. */
const MAX_ATTEMPTS = 5;
const IDLE_MS = 1_000;

type Stop = "cancelled" | "stopping" | "lost";

/** Claims jobs, keeps their leases while they run, and writes how they ended. */
export class Worker {
  readonly #options: WorkerOptions;
  readonly #owner = randomUUID();
  readonly #running = new Map<string, { abort: AbortController; done: Promise<void> }>();
  #timer: NodeJS.Timeout | undefined;
  #stopping = false;
  #looking: Promise<void> | undefined;

  constructor(options: WorkerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => this.wake(), IDLE_MS);
    this.wake();
  }

  /** Looks for work now: something was queued. */
  wake(): void {
    if (this.#stopping) return;
    this.#looking = (this.#looking ?? Promise.resolve())
      .then(() => this.#look())
      .catch(this.#options.onFault);
  }

  cancel(id: string): void {
    this.#running.get(id)?.abort.abort("cancelled" satisfies Stop);
  }

  get active(): number {
    return this.#running.size;
  }

  /** Waits for what runs; what is not done in time goes back to the queue for the next start. */
  async stop(patienceMs: number): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#timer);
    await this.#looking;
    const all = Promise.all([...this.#running.values()].map(({ done }) => done));
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, patienceMs);
    });
    await Promise.race([all, patience]);
    clearTimeout(timer);
    for (const { abort } of this.#running.values()) abort.abort("stopping" satisfies Stop);
    await Promise.all([...this.#running.values()].map(({ done }) => done));
  }

  async #look(): Promise<void> {
    while (!this.#stopping && this.#running.size < this.#options.slots) {
      const claim = await this.#options.store.claim(this.#owner, this.#options.leaseMs);
      if (!claim) return;
      const abort = new AbortController();
      const done = this.#run(claim, abort)
        .catch(this.#options.onFault)
        .then(() => {
          this.#running.delete(claim.id);
          this.wake();
        });
      this.#running.set(claim.id, { abort, done });
    }
  }

  async #run(claim: Claim, abort: AbortController): Promise<void> {
    const { store, handlers, leaseMs } = this.#options;
    const progress: Progress = { step: "", done: 0, total: 0 };
    const beat = async () => {
      const answer = await store.beat(claim.id, this.#owner, leaseMs, progress);
      if (!answer) abort.abort("lost" satisfies Stop);
      else if (answer.cancel) abort.abort("cancelled" satisfies Stop);
    };
    const heart = setInterval(() => void beat().catch(this.#options.onFault), Math.min(1_000, leaseMs / 4));
    try {
      if (claim.attempts > MAX_ATTEMPTS) throw givenUp(claim);
      if (!claim.genuine) throw forged(claim);
      await beat();
      abort.signal.throwIfAborted();
      const result = await handlers[claim.kind](claim.input, {
        id: claim.id,
        principal: claim.principal,
        signal: abort.signal,
        progress: (step, done, total) => Object.assign(progress, { step, done, total }),
      });
      clearInterval(heart);
      await beat();
      await this.#end(claim.id, { state: "succeeded", result });
    } catch (error) {
      clearInterval(heart);
      await this.#failed(claim, abort.signal, error);
    } finally {
      clearInterval(heart);
    }
  }

  async #failed(claim: Claim, signal: AbortSignal, error: unknown): Promise<void> {
    const stop = signal.aborted ? (signal.reason as Stop) : undefined;
    if (stop === "lost") return;
    if (stop === "stopping") return this.#options.store.release(claim.id, this.#owner);
    if (stop === "cancelled") return this.#end(claim.id, { state: "cancelled" });
    await this.#end(claim.id, { state: "failed", error: this.#options.toProblem(error) });
  }

  async #end(id: string, end: Parameters<JobStore["finish"]>[2]): Promise<void> {
    const job = await this.#options.store.finish(id, this.#owner, end);
    if (!job) return;
    await this.#options.onEnd(job);
    this.#options.onChange(job);
  }
}

function givenUp(claim: Claim): CountersignError {
  return new CountersignError(
    "job-lost",
    `"${claim.title}" was started ${MAX_ATTEMPTS} times and never ended`,
  );
}

function forged(claim: Claim): CountersignError {
  return new CountersignError(
    "projection-mismatch",
    `the row of job ${claim.id} was changed in the database`,
  );
}
