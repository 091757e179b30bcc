import type { Signer } from "@countersign/evidence";
import { Assignment } from "./assignment.js";
import { type Appended, packLeaves, type Request, takeBatch } from "./batch.js";
import { formatCheckpoint } from "./checkpoint.js";
import type { Core } from "./core.js";
import { fault } from "./faults.js";
import type { Frontier } from "./frontier.js";
import { signNote } from "./keys.js";
import type { VerifierKey } from "./note.js";
import { encodeRecord } from "./record.js";
import type { Run } from "./run.js";
import type { Journal } from "./store.js";

export interface CommitOptions {
  readonly key: VerifierKey;
  readonly signer: Signer;
  readonly journal: Journal;
  /** The time of a commit; throws when the clock cannot be right. */
  readonly now: () => number;
  readonly maxEntries: number;
  readonly maxDelayMs: number;
  /** Called before a commit when a lot is waiting to be published. */
  readonly makeRoom: () => Promise<void>;
  readonly onCommit: () => void;
}

const MAX_BATCH_BYTES = 4 * 1024 * 1024;
const MAX_TAIL_BYTES = 96 * 1024 * 1024;
const MAX_ENTRIES = 2 ** 32 - 2;

/** Group commit: what arrives while the disk is busy goes into the next record together. */
export class Committer {
  readonly #core: Core;
  readonly #options: CommitOptions;
  #queue: Request[] = [];
  #running: Promise<void> | undefined;

  constructor(core: Core, options: CommitOptions) {
    this.#core = core;
    this.#options = options;
  }

  append(leaves: readonly Uint8Array[]): Promise<Appended[]> {
    const run = packLeaves(leaves);
    return new Promise((resolve, reject) => {
      this.#queue.push({ run, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  get busy(): boolean {
    return this.#running !== undefined;
  }

  async drain(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async #run(): Promise<void> {
    const { maxDelayMs, maxEntries } = this.#options;
    if (maxDelayMs > 0) await new Promise((resolve) => setTimeout(resolve, maxDelayMs));
    while (this.#queue.length > 0) {
      const batch = takeBatch(this.#queue, maxEntries, MAX_BATCH_BYTES);
      try {
        const answers = await this.#commit(batch);
        for (const [i, request] of batch.entries()) request.resolve(answers[i] ?? []);
      } catch (error) {
        for (const request of batch) request.reject(error);
      }
    }
    // In the same step that found the queue empty: what is queued next starts a run of its own.
    this.#running = undefined;
  }

  async #commit(batch: readonly Request[]): Promise<Appended[][]> {
    const core = this.#core;
    if (core.failure) throw core.failure;
    if (core.tail.bytes > MAX_TAIL_BYTES) await this.#options.makeRoom();
    const time = this.#options.now();
    const runs = batch.map(({ run }) => run);
    const grown = this.#options.journal.retract
      ? await this.#writeMeanwhile(runs, time)
      : await this.#writeAfter(runs, time);
    if (grown.fresh.count === 0) return grown.answers;
    core.full.push(...grown.frontier.takeFull());
    for (const { run, hashes } of grown.fresh.pieces) core.tail.push(run, hashes);
    [core.frontier, core.note, core.time] = [grown.frontier, grown.note, time];
    this.#options.onCommit();
    return grown.answers;
  }

  /** While the disk makes the leaves durable, they are hashed and the checkpoint is signed; the record can be taken back. */
  async #writeMeanwhile(runs: readonly Run[], time: number): Promise<Grown> {
    const { journal } = this.#options;
    const written = journal.append(this.#record(runs, time));
    const [durable, grown] = await Promise.allSettled([written, this.#grow(runs)]);
    if (durable.status === "rejected") throw durable.reason;
    if (grown.status === "rejected" || grown.value.fresh.count === 0) await journal.retract?.();
    if (grown.status === "rejected") throw grown.reason;
    return grown.value;
  }

  async #writeAfter(runs: readonly Run[], time: number): Promise<Grown> {
    const grown = await this.#grow(runs);
    const fresh = grown.fresh.pieces.map(({ run }) => run);
    if (fresh.length > 0) await this.#options.journal.append(this.#record(fresh, time));
    return grown;
  }

  #record(runs: readonly Run[], time: number): Uint8Array[] {
    const { frontier, note = new Uint8Array() } = this.#core;
    return encodeRecord({ first: frontier.size, time, note, runs });
  }

  /** What the log becomes with these leaves. */
  async #grow(runs: readonly Run[]): Promise<Grown> {
    const { key, signer } = this.#options;
    const fresh = new Assignment(this.#core);
    const answers: Appended[][] = [];
    for (const run of runs) answers.push(await fresh.take(run));
    const { frontier: before, note = new Uint8Array() } = this.#core;
    if (fresh.count === 0) return { fresh, answers, frontier: before, note };
    if (fresh.first + fresh.count > MAX_ENTRIES) throw fault("log-unavailable", "the log is full");
    const frontier = before.clone();
    for (const { hashes } of fresh.pieces) frontier.pushAll(hashes);
    return { fresh, answers, frontier, note: await signCheckpoint(frontier, key, signer) };
  }
}

interface Grown {
  readonly fresh: Assignment;
  readonly answers: Appended[][];
  readonly frontier: Frontier;
  readonly note: Uint8Array;
}

export function signCheckpoint(frontier: Frontier, key: VerifierKey, signer: Signer): Promise<Uint8Array> {
  const text = formatCheckpoint({ origin: key.name, size: frontier.size, root: frontier.root() });
  return signNote(text, key, signer, "checkpoint");
}
