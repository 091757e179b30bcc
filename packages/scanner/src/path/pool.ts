import type { ChildProcess } from "node:child_process";
import { forkBeside } from "./fork.js";
import type { Batch, BatchDone, Done, Job } from "./messages.js";

export interface PoolOptions {
  workers: number;
  /** A process that was started ahead of its work. The pool ends it like its own. */
  first?: ChildProcess | undefined;
  /** Milliseconds that one file (or one batch of small files) may take. */
  timeMs: (jobs: readonly Job[]) => number;
  heapMegabytes: number;
  batch: Omit<Batch, "jobs">;
  signal?: AbortSignal | undefined;
}

export type Failure = "scan-crashed" | "scan-timeout";

/** Starts a scanning process. That it could not be started is noticed when it is given work. */
export function startChild(heapMegabytes: number): ChildProcess {
  return forkBeside(import.meta.url, "child", { heapMegabytes }).on("error", () => undefined);
}

/**
 * Runs batches of jobs in child processes. When a batch ends badly its files are tried one by one, so that only the
 * file that did it is blamed.
 */
export class Pool {
  private readonly options: PoolOptions;
  private readonly onDone: (done: Done) => void;
  private readonly onFailure: (job: Job, failure: Failure) => void;
  private readonly queue: Job[][];
  private readonly idle: ChildProcess[];

  constructor(
    batches: Job[][],
    options: PoolOptions,
    onDone: (done: Done) => void,
    onFailure: (job: Job, failure: Failure) => void,
  ) {
    this.queue = batches.reverse();
    this.options = options;
    this.idle = options.first ? [options.first] : [];
    this.onDone = onDone;
    this.onFailure = onFailure;
  }

  async run(): Promise<void> {
    const lanes = Math.min(this.options.workers, this.queue.length);
    try {
      await Promise.all(Array.from({ length: lanes }, () => this.lane()));
    } finally {
      for (const child of this.idle) child.kill("SIGKILL");
    }
  }

  private async lane(): Promise<void> {
    let child: ChildProcess | undefined;
    try {
      for (let jobs = this.queue.pop(); jobs !== undefined; jobs = this.queue.pop()) {
        this.options.signal?.throwIfAborted();
        child ??= this.idle.pop() ?? startChild(this.options.heapMegabytes);
        const failure = await this.runBatch(child, jobs);
        if (failure === undefined) continue;
        child.kill("SIGKILL");
        child = undefined;
        const [only] = jobs;
        if (jobs.length === 1 && only) this.onFailure(only, failure);
        else for (const job of jobs) this.queue.push([job]);
      }
    } finally {
      child?.kill("SIGKILL");
    }
  }

  private runBatch(child: ChildProcess, jobs: Job[]): Promise<Failure | undefined> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => finish("scan-timeout"), this.options.timeMs(jobs));
      const onMessage = (message: BatchDone): void => {
        for (const done of message.done) this.onDone(done);
        finish(undefined);
      };
      const onEnd = (): void => finish("scan-crashed");
      const onAbort = (): void => {
        finish(undefined);
        reject(this.options.signal?.reason);
      };
      const finish = (failure: Failure | undefined): void => {
        clearTimeout(timer);
        child.off("message", onMessage);
        child.off("exit", onEnd);
        child.off("error", onEnd);
        this.options.signal?.removeEventListener("abort", onAbort);
        resolve(failure);
      };
      child.on("message", onMessage);
      child.once("exit", onEnd);
      child.once("error", onEnd);
      this.options.signal?.addEventListener("abort", onAbort, { once: true });
      if (child.exitCode !== null || child.signalCode !== null) onEnd();
      else child.send({ ...this.options.batch, jobs } satisfies Batch, (error) => error && onEnd());
    });
  }
}
