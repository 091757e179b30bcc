import type { Signer } from "@countersign/evidence";
import { Assignment } from "./assignment.js";
import { type Appended, packRequest, type Request, takeBatch } from "./batch.js";
import { formatCheckpoint } from "./checkpoint.js";
import type { Core } from "./core.js";
import { fault } from "./faults.js";
import type { Frontier } from "./frontier.js";
import { signNote } from "./keys.js";
import type { VerifierKey } from "./note.js";
import { encodeRecord } from "./record.js";
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
    const packed = packRequest(leaves);
    return new Promise((resolve, reject) => {
      this.#queue.push({ ...packed, resolve, reject });
      this.#running ??= this.#run().finally(() => {
        this.#running = undefined;
      });
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
  }

  async #commit(batch: readonly Request[]): Promise<Appended[][]> {
    const core = this.#core;
    if (core.failure) throw core.failure;
    if (core.tail.bytes > MAX_TAIL_BYTES) await this.#options.makeRoom();
    const time = this.#options.now();
    const fresh = new Assignment(core);
    const answers: Appended[][] = [];
    for (const request of batch) answers.push(await fresh.take(request));
    if (fresh.count === 0) return answers;
    if (fresh.first + fresh.count > MAX_ENTRIES) throw fault("log-unavailable", "the log is full");
    const { frontier, note } = await this.#seal(fresh, time);
    core.full.push(...frontier.takeFull());
    for (const { run, hashes } of fresh.pieces) core.tail.push(run, hashes);
    [core.frontier, core.note, core.time] = [frontier, note, time];
    this.#options.onCommit();
    return answers;
  }

  /** Makes the entries durable and signs the checkpoint over them, both at once where the one can be undone. */
  async #seal(fresh: Assignment, time: number): Promise<{ frontier: Frontier; note: Uint8Array }> {
    const { journal } = this.#options;
    const note = this.#core.note ?? new Uint8Array();
    const write = () =>
      journal.append(
        encodeRecord({ first: fresh.first, time, note, runs: fresh.pieces.map(({ run }) => run) }),
      );
    const written = journal.retract ? write() : undefined;
    const [durable, sealed] = await Promise.allSettled([written, this.#sign(fresh)]);
    if (durable.status === "rejected") throw durable.reason;
    if (sealed.status === "rejected") {
      await journal.retract?.();
      throw sealed.reason;
    }
    if (!written) await write();
    return sealed.value;
  }

  async #sign(fresh: Assignment): Promise<{ frontier: Frontier; note: Uint8Array }> {
    const frontier = this.#core.frontier.clone();
    for (const { hashes } of fresh.pieces) frontier.pushAll(hashes);
    return { frontier, note: await signCheckpoint(frontier, this.#options.key, this.#options.signer) };
  }
}

export function signCheckpoint(frontier: Frontier, key: VerifierKey, signer: Signer): Promise<Uint8Array> {
  const text = formatCheckpoint({ origin: key.name, size: frontier.size, root: frontier.root() });
  return signNote(text, key, signer, "checkpoint");
}
