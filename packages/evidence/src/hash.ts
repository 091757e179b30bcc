import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { availableParallelism } from "node:os";
import { setImmediate } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { CountersignError, checkCancelled, fileFault } from "./errors.js";
import { checkState, type HashJob, type HashResult, type HashShared, hashJob } from "./hash-job.js";

export interface HashOptions {
  /** How many threads hash at once; 0 keeps the work in this thread, which then does nothing else. Default: as many as there are cores. */
  workers?: number;
  /** Called with the number of bytes hashed so far, about ten times a second. */
  onBytes?: (bytes: number) => void;
  signal?: AbortSignal;
}

const CHUNK = 1024 * 1024;
const BATCH_BYTES = 32 * CHUNK;
const BATCH_FILES = 256;
// Starting a thread costs about as much as hashing this many bytes.
const WORTH_A_THREAD = 16 * CHUNK;

/** Hashes byte ranges and answers their digests in hexadecimal, in the order of the jobs. */
export async function hashAll(jobs: readonly HashJob[], options: HashOptions = {}): Promise<string[]> {
  checkCancelled(options.signal);
  const bytes = jobs.reduce((sum, job) => sum + job.end - job.start, 0);
  const wanted = options.workers ?? availableParallelism();
  const count = Math.min(wanted, jobs.length, Math.ceil(bytes / WORTH_A_THREAD));
  const shared: HashShared = new BigInt64Array(new SharedArrayBuffer(16));
  const cancel = (): void => void Atomics.store(shared, 1, 1n);
  const report = (): void => options.onBytes?.(Number(Atomics.load(shared, 0)));
  const timer = options.onBytes ? setInterval(report, 100) : undefined;
  options.signal?.addEventListener("abort", cancel, { once: true });
  try {
    const small = bytes <= WORTH_A_THREAD || wanted === 0;
    const digests = await (small ? hashHere(jobs, shared) : hashInThreads(jobs, shared, Math.max(count, 1)));
    report();
    return digests;
  } catch (cause) {
    checkCancelled(options.signal);
    throw cause;
  } finally {
    clearInterval(timer);
    options.signal?.removeEventListener("abort", cancel);
  }
}

async function hashHere(jobs: readonly HashJob[], shared: HashShared): Promise<string[]> {
  const buffer = new Uint8Array(Math.min(CHUNK, Math.max(1, ...jobs.map((job) => job.end - job.start))));
  const digests: string[] = [];
  for (const job of jobs) {
    digests.push(digestOf(job, hashJob(fs, createHash, job, buffer, shared)));
    await setImmediate();
  }
  return digests;
}

function digestOf(job: HashJob, result: HashResult): string {
  if ("digest" in result) return result.digest;
  if (result.code === "file-changed") {
    throw new CountersignError("file-changed", `${job.name} changed while it was read`, {
      detail: { name: job.name },
    });
  }
  if (result.code === "file-kind-refused") {
    throw new CountersignError(
      "file-kind-refused",
      `${job.name} is not a regular file (a pipe, socket or device)`,
    );
  }
  if (result.code === "cancelled") throw new CountersignError("cancelled", "the hashing was cancelled");
  // The walk saw this file a moment ago: one that is gone, or became a link, has changed.
  if (["ENOENT", "ELOOP", "ENXIO", "ENOTDIR"].includes(result.errno)) {
    throw new CountersignError("file-changed", `${job.name} was replaced while it was read`);
  }
  throw fileFault(job.name, Object.assign(new Error(result.errno), { code: result.errno }));
}

const WORKER = `
const { parentPort, workerData } = require("node:worker_threads");
const fs = require("node:fs");
const { createHash } = require("node:crypto");
const __name = (value) => value;
${checkState.toString()}
${hashJob.toString()}
const buffer = new Uint8Array(${CHUNK});
parentPort.on("message", (jobs) => {
  parentPort.postMessage(jobs.map((job) => hashJob(fs, createHash, job, buffer, workerData)));
});
`;

async function hashInThreads(jobs: readonly HashJob[], shared: HashShared, count: number): Promise<string[]> {
  const digests: string[] = new Array(jobs.length);
  const batches = makeBatches(jobs);
  const threads: Worker[] = [];
  const serve = async (thread: Worker): Promise<void> => {
    for (let batch = batches.shift(); batch; batch = batches.shift()) {
      const results = await ask(
        thread,
        batch.map((index) => jobs[index] as HashJob),
      );
      for (const [at, index] of batch.entries()) {
        digests[index] = digestOf(jobs[index] as HashJob, results[at] as HashResult);
      }
    }
  };
  try {
    while (threads.length < Math.min(count, batches.length)) threads.push(startThread(shared));
    await Promise.all(threads.map(serve));
    return digests;
  } finally {
    Atomics.store(shared, 1, 1n);
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

function startThread(shared: HashShared): Worker {
  // No execArgv: a loader that this process runs under would cost each thread its start.
  const thread = new Worker(WORKER, { eval: true, workerData: shared, execArgv: [] });
  // Whoever asks the thread hears of its faults; between two questions nobody listens.
  thread.on("error", () => {});
  return thread;
}

// Largest first, so that no thread is left with a huge file at the end; small ones together, to save messages.
function makeBatches(jobs: readonly HashJob[]): number[][] {
  const size = (index: number): number => (jobs[index] ? jobs[index].end - jobs[index].start : 0);
  const order = [...jobs.keys()].sort((a, b) => size(b) - size(a));
  const batches: number[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const index of order) {
    const last = batches.at(-1);
    bytes += size(index);
    if (last && bytes <= BATCH_BYTES && last.length < BATCH_FILES) {
      last.push(index);
      continue;
    }
    batches.push([index]);
    bytes = size(index);
  }
  return batches;
}

function ask(thread: Worker, batch: HashJob[]): Promise<HashResult[]> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      thread.off("message", answered).off("error", failed).off("exit", ended);
      act();
    };
    const fault = (message: string, cause?: unknown): void =>
      settle(() => reject(new CountersignError("internal", message, { cause })));
    const answered = (results: HashResult[]): void => settle(() => resolve(results));
    const failed = (cause: unknown): void => fault("a hashing thread failed", cause);
    const ended = (): void => fault("a hashing thread ended early");
    thread.on("message", answered).on("error", failed).on("exit", ended);
    thread.postMessage(batch);
  });
}
