import { CountersignError, type Signer } from "@countersign/evidence";
import { encodeUtf8 } from "./bytes.js";
import type { Core } from "./core.js";
import { fault } from "./faults.js";
import type { VerifierKey } from "./note.js";
import { consistencyProof } from "./proofs.js";
import { CHECKPOINT_PATH, type Edition, publishTiles, replacedPartials } from "./publish.js";
import { STATE_PATH, signState } from "./state.js";
import type { Journal, Store } from "./store.js";
import { TileTree } from "./tree.js";
import type { WitnessClient } from "./witness.js";

export interface PublishOptions {
  readonly store: Store;
  readonly key: VerifierKey;
  readonly signer: Signer;
  readonly journal: Journal;
  readonly witnesses: readonly WitnessClient[];
  readonly delayMs: number;
  /** Whether appends are under way: then publishing waits a little, so that they have the disk to themselves. */
  readonly busy: () => boolean;
}

/** How much longer than `delayMs` a publication waits for a quiet moment: this many times a quarter of a second. */
const PATIENCE = 3;
const RETRY_MS = 250;
const AGAIN_MS = 2_000;
const MAX_WAITING_BYTES = 48 * 1024 * 1024;

/** Makes public what was committed: tiles, then the checkpoint, then the checkpoint with the witnesses' cosignatures. */
export class Publisher {
  readonly #core: Core;
  readonly #options: PublishOptions;
  #running: Promise<void> | undefined;
  #cosigning: Promise<void> | undefined;
  /** The checkpoint that was put last, or tried. */
  #tried: Uint8Array | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(core: Core, options: PublishOptions) {
    this.#core = core;
    this.#options = options;
  }

  /** Publishes before long. */
  soon(delayMs: number = this.#options.delayMs, patience: number = PATIENCE): void {
    if (this.#timer || this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      const quiet = !this.#options.busy() || this.#core.tail.bytes > MAX_WAITING_BYTES;
      if (!quiet && patience > 0) this.soon(RETRY_MS, patience - 1);
      // What cannot be published stays in the journal and is tried again.
      else this.all().catch(() => this.#core.failure || this.soon(AGAIN_MS, 0));
    }, delayMs);
    this.#timer.unref();
  }

  /** Publishes everything that is committed now. */
  async all(): Promise<void> {
    const { size } = this.#core.frontier;
    while (!this.#core.published || this.#core.publishedSize < size) {
      if (this.#core.failure) throw this.#core.failure;
      this.#running ??= this.#publish()
        .catch((error: unknown) => {
          // Another history in the place of ours ends this log: it must not go on beside it.
          if (error instanceof CountersignError && error.code === "log-forked") this.#core.failure ??= error;
          throw error;
        })
        .finally(() => {
          this.#running = undefined;
        });
      await this.#running;
    }
  }

  async #publish(): Promise<void> {
    const core = this.#core;
    const { store, key, signer, journal } = this.#options;
    await this.#cosigning;
    const { frontier, publishedSize: from, note = new Uint8Array(), time } = core;
    const { size } = frontier;
    const edition: Edition = {
      from,
      size,
      full: core.full.slice(),
      partials: frontier.partials(),
      tail: core.tail,
    };
    await publishTiles(store, edition);
    await store.putIfMatch(
      STATE_PATH,
      await signState({ size, time }, key, signer),
      await store.get(STATE_PATH),
    );
    await this.#replace(note);
    const edge = new Map(edition.partials.map(({ level, bytes }) => [level, bytes]));
    core.tree = TileTree.grown(store, size, edge, core.tree);
    core.full.splice(0, edition.full.length);
    core.publishedSize = size;
    core.tail.drop(size);
    await journal.release(size);
    for (const directory of replacedPartials(edition)) await store.prune?.(directory);
    this.#cosign(note);
  }

  /**
   * Replaces the checkpoint. A put that failed may have happened all the same, so what was tried last may be there too.
   */
  async #replace(note: Uint8Array): Promise<void> {
    const { store } = this.#options;
    const tried = this.#tried;
    this.#tried = note;
    const replaced =
      (await store.putIfMatch(CHECKPOINT_PATH, note, this.#core.published)) ||
      (tried !== undefined && (await store.putIfMatch(CHECKPOINT_PATH, note, tried)));
    if (!replaced) throw fault("log-forked", "the checkpoint was changed by something other than this log");
    this.#core.published = note;
  }

  #cosign(note: Uint8Array): void {
    if (this.#options.witnesses.length === 0) return;
    this.#cosigning = this.#collect(note).finally(() => {
      this.#cosigning = undefined;
    });
    this.#cosigning.catch(() => undefined);
  }

  /** Asks every witness. One that is away is a matter of its status; one that knows another history than ours ends this log. */
  async #collect(note: Uint8Array): Promise<void> {
    const { tree } = this.#core;
    const proof = (from: number) => consistencyProof(tree, from, tree.size);
    const asked = this.#options.witnesses.map((witness) => witness.cosign(note, tree.size, proof));
    const lines: string[] = [];
    for (const answer of await Promise.allSettled(asked)) {
      if (answer.status === "fulfilled") lines.push(answer.value);
      else this.#core.failure ??= answer.reason;
    }
    if (this.#core.failure) throw this.#core.failure;
    const added = lines.join("");
    if (added !== "") await this.#replace(Buffer.concat([note, encodeUtf8(added)]));
  }

  /** Waits for the cosignatures of what is published, of the witnesses that can be expected to answer. */
  async cosigned(): Promise<void> {
    if (this.#options.witnesses.some(({ status }) => status.reachable)) await this.#cosigning;
  }

  /** Asks the witnesses now: at the start, where a log that was rolled back must not go on. */
  async recosign(): Promise<void> {
    this.#cosign(this.#core.note ?? new Uint8Array());
    await this.#cosigning;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    if (!this.#core.failure) await this.all();
    await this.#cosigning?.catch(() => undefined);
  }
}
