import { CountersignError, type Signer } from "@countersign/evidence";
import type { Core } from "./core.js";
import { Cosigner } from "./cosigner.js";
import { fault } from "./faults.js";
import { type IndexFile, indexPath, isIndexDue, saveIndex } from "./index-file.js";
import type { VerifierKey } from "./note.js";
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
const PAUSE_MS = 250;
const RETRY_MS = 2_000;
const MAX_WAITING_BYTES = 48 * 1024 * 1024;

/** Makes public what was committed: tiles, then the checkpoint, then the checkpoint with the witnesses' cosignatures. */
export class Publisher {
  readonly #core: Core;
  readonly #options: PublishOptions;
  readonly #cosigner: Cosigner;
  #running: Promise<void> | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  /** The checkpoint that was put last, or tried. */
  #tried: Uint8Array | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(core: Core, options: PublishOptions) {
    this.#core = core;
    this.#options = options;
    this.#cosigner = new Cosigner({
      witnesses: options.witnesses,
      accept: (cosigned, tree) => this.#accept(cosigned, tree),
      contradict: (reason) => this.#fail(reason),
    });
  }

  /** Publishes before long. */
  soon(delayMs: number = this.#options.delayMs, patience: number = PATIENCE): void {
    if (this.#timer || this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      const quiet = !this.#options.busy() || this.#core.tail.bytes > MAX_WAITING_BYTES;
      if (!quiet && patience > 0) this.soon(PAUSE_MS, patience - 1);
      // What cannot be published stays in the journal and is tried again.
      else this.all().catch(() => this.#core.failure || this.soon(RETRY_MS, 0));
    }, delayMs);
    this.#timer.unref();
  }

  /** Publishes everything that is committed now. */
  async all(): Promise<void> {
    const { size } = this.#core.frontier;
    while (!this.#core.published || this.#core.publishedSize < size) {
      if (this.#core.failure) throw this.#core.failure;
      this.#running ??= this.#publish().finally(() => {
        this.#running = undefined;
      });
      await this.#running;
    }
  }

  async #publish(): Promise<void> {
    const core = this.#core;
    const { store, journal } = this.#options;
    await this.#cosigner.expected();
    const { frontier, publishedSize: from, note = new Uint8Array(), time } = core;
    const { size } = frontier;
    const partials = frontier.partials();
    const edition: Edition = { from, size, full: core.full.slice(), partials, tail: core.tail };
    await this.#put(edition, time);
    const edge = new Map(partials.map(({ level, bytes }) => [level, bytes]));
    const tree = TileTree.grown(store, size, edge, core.tree);
    await this.#replacing(() => this.#swap(note, tree));
    core.full.splice(0, edition.full.length);
    core.tail.drop(size);
    this.#cosigner.ask(note, tree);
    await journal.release(size);
    for (const directory of replacedPartials(edition)) await store.prune?.(directory);
  }

  async #put(edition: Edition, time: number): Promise<void> {
    const { store, key, signer } = this.#options;
    try {
      await publishTiles(store, edition);
    } catch (error) {
      if (error instanceof CountersignError && error.code === "log-forked") this.#fail(error);
      throw error;
    }
    const before = this.#core.indexFile;
    const index = await this.#saveIndex(edition.size);
    const state = await signState({ size: edition.size, time, index }, key, signer);
    await store.putIfMatch(STATE_PATH, state, await store.get(STATE_PATH));
    this.#core.indexFile = index;
    if (before && before !== index) await store.prune?.(indexPath(before));
  }

  /** A copy of the index when it is due and nobody waits. It is only a copy: it may as well not be there. */
  async #saveIndex(size: number): Promise<IndexFile | undefined> {
    const { index, indexFile } = this.#core;
    if (!isIndexDue(indexFile, size) || (this.#options.busy() && !this.#stopped)) return indexFile;
    return saveIndex(this.#options.store, index, size).catch(() => indexFile);
  }

  /** One replacement of the checkpoint at a time, so that none undoes another. */
  #replacing(work: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** Takes cosignatures over, unless a newer checkpoint has come. */
  #accept(cosigned: Uint8Array, tree: TileTree): Promise<void> {
    return this.#replacing(async () => {
      if (this.#core.tree === tree) await this.#swap(cosigned, tree);
    });
  }

  /** A put that failed may have happened all the same, so what was tried last may be there too. */
  async #swap(note: Uint8Array, tree: TileTree): Promise<void> {
    const core = this.#core;
    const { store } = this.#options;
    const tried = this.#tried;
    this.#tried = note;
    const replaced =
      (await store.putIfMatch(CHECKPOINT_PATH, note, core.published)) ||
      (tried !== undefined && (await store.putIfMatch(CHECKPOINT_PATH, note, tried)));
    if (!replaced) {
      this.#fail(fault("log-forked", "the checkpoint was changed by something other than this log"));
      throw core.failure;
    }
    // At once, so that no receipt is made of one checkpoint and another one's tree.
    [core.published, core.tree, core.publishedSize] = [note, tree, tree.size];
  }

  /** Another history in the place of ours ends this log: it must not go on beside it. */
  #fail(reason: unknown): void {
    this.#core.failure ??= reason;
  }

  /** Waits for the cosignatures of what is published; throws when a witness has seen another history. */
  async cosigned(): Promise<void> {
    await this.#cosigner.expected();
    if (this.#core.failure) throw this.#core.failure;
  }

  /** Asks all witnesses and waits: at the start, where a log that was rolled back must not go on. */
  async start(): Promise<void> {
    await this.all();
    this.#cosigner.ask(this.#core.note ?? new Uint8Array(), this.#core.tree);
    await this.#cosigner.settled();
    if (this.#core.failure) throw this.#core.failure;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    if (!this.#core.failure) await this.all();
    await this.#cosigner.settled();
  }
}
