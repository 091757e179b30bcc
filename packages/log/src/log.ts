import type { Signer } from "@countersign/evidence";
import type { Appended } from "./batch.js";
import { Committer, signCheckpoint } from "./committer.js";
import type { Core } from "./core.js";
import { fault } from "./faults.js";
import { verifierKeyOf } from "./keys.js";
import { formatVkey, type VerifierKey } from "./note.js";
import { consistencyProof, inclusionProof } from "./proofs.js";
import { Publisher } from "./publisher.js";
import { type Entry, readEntries } from "./reader.js";
import { formatReceipt } from "./receipt.js";
import { mustBeNew, recover } from "./recover.js";
import type { Journal, Store } from "./store.js";
import { openStoreJournal } from "./store-journal.js";
import { openWitness, type Witness, type WitnessClient, type WitnessStatus } from "./witness.js";

export interface LogOptions {
  readonly store: Store;
  /** The log's name, as `example.com/log`: no spaces, no plus sign. */
  readonly origin: string;
  /** An Ed25519 key. */
  readonly signer: Signer;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly witnesses?: readonly Witness[];
  readonly batch?: {
    /** What one commit takes at most, from requests that wait. */
    readonly maxEntries?: number;
    /** How long a commit waits for company; it never waits when 0. */
    readonly maxDelayMs?: number;
    /** How long entries stay in the journal before they are published as tiles; four times as long while appends go on. */
    readonly publishDelayMs?: number;
  };
  /** How far the clock may run behind the newest commit. */
  readonly allowedSkewMs?: number;
}

export interface Log {
  readonly origin: string;
  readonly size: number;
  /** The log's key in the form of C2SP signed-note. */
  readonly verifierKey: string;
  readonly witnesses: readonly WitnessStatus[];
  /** Resolves once the entries are durable and a signed checkpoint covers them. */
  append(leaves: readonly Uint8Array[]): Promise<Appended[]>;
  /** The newest checkpoint, a signed note; its tiles are public. */
  checkpoint(): Promise<Uint8Array>;
  entries(from: number, to: number): AsyncIterable<Entry>;
  inclusionProof(index: number, size: number): Promise<Uint8Array[]>;
  consistencyProof(from: number, to: number): Promise<Uint8Array[]>;
  /** A `.tlog-proof` for an entry under the newest checkpoint. */
  receipt(index: number): Promise<string>;
  close(): Promise<void>;
}

const ALLOWED_SKEW_MS = 60_000;

/**
 * Opens a log for writing. An append is acknowledged when a record with its entries is durable in the journal and a checkpoint is
 * signed over them. Tiles and the public checkpoint follow shortly behind, many entries at a time; and nothing that names a size
 * (a checkpoint, a proof, a receipt) leaves this room before the tiles of that size are public.
 */
export async function openLog(options: LogOptions): Promise<Log> {
  const { store, signer } = options;
  const key = await verifierKeyOf(signer, options.origin);
  const witnesses = await Promise.all((options.witnesses ?? []).map(openWitness));
  const journal = (await store.openJournal?.()) ?? (await openStoreJournal(store));
  try {
    const core = await recover(store, journal, key);
    if (!core.published && core.frontier.size === 0) await mustBeNew(store);
    const log = new TileLog(options, { key, witnesses, journal, core });
    core.time = log.now();
    core.note ??= await signCheckpoint(core.frontier, key, signer);
    await log.publisher.start();
    return log;
  } catch (error) {
    await journal.close(false);
    throw error;
  }
}

interface Parts {
  readonly key: VerifierKey;
  readonly witnesses: readonly WitnessClient[];
  readonly journal: Journal;
  readonly core: Core;
}

class TileLog implements Log {
  readonly origin: string;
  readonly verifierKey: string;
  readonly publisher: Publisher;
  readonly #committer: Committer;
  readonly #options: LogOptions;
  readonly #core: Core;
  readonly #journal: Journal;
  readonly #witnesses: readonly WitnessClient[];
  #closed = false;

  constructor(options: LogOptions, { key, witnesses, journal, core }: Parts) {
    const { store, signer, batch = {} } = options;
    this.origin = options.origin;
    this.verifierKey = formatVkey(key);
    this.#options = options;
    this.#core = core;
    this.#journal = journal;
    this.#witnesses = witnesses;
    this.publisher = new Publisher(core, {
      ...{ store, key, signer, journal, witnesses },
      delayMs: batch.publishDelayMs ?? 250,
      busy: () => this.#committer.busy,
    });
    this.#committer = new Committer(core, {
      ...{ key, signer, journal },
      maxEntries: batch.maxEntries ?? 4096,
      maxDelayMs: batch.maxDelayMs ?? 0,
      now: () => this.now(),
      makeRoom: () => this.publisher.all(),
      onCommit: () => this.publisher.soon(),
    });
  }

  get size(): number {
    return this.#core.frontier.size;
  }

  get witnesses(): readonly WitnessStatus[] {
    return this.#witnesses.map(({ status }) => status);
  }

  now(): number {
    const now = this.#options.clock();
    const behind = this.#core.time - now;
    // Written so that a clock that answers NaN is refused too.
    if (!(behind <= (this.#options.allowedSkewMs ?? ALLOWED_SKEW_MS))) {
      throw fault(
        "clock-behind",
        `the clock runs ${Math.ceil(behind / 1000)} s behind the log: set it right`,
        { behind },
      );
    }
    return Math.max(Math.floor(now), this.#core.time);
  }

  async append(leaves: readonly Uint8Array[]): Promise<Appended[]> {
    if (this.#closed) throw fault("log-unavailable", "the log is closed");
    if (this.#core.failure) throw this.#core.failure;
    return leaves.length === 0 ? [] : this.#committer.append(leaves);
  }

  async checkpoint(): Promise<Uint8Array> {
    await this.publisher.all();
    await this.publisher.cosigned();
    return new Uint8Array(this.#core.published ?? []);
  }

  /** Also those that are committed and not yet published, which are still in memory. */
  async *entries(from: number, to: number): AsyncIterable<Entry> {
    if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from < 0 || from > to || to > this.size) {
      throw fault("log-not-found", `the log has no entries ${from} to ${to}`, { from, to, size: this.size });
    }
    for (let index = from; index < to; ) {
      const leaf = this.#core.tail.leaf(index);
      const { tree } = this.#core;
      if (leaf) yield { index: index++, leaf };
      else
        for await (const entry of readEntries(tree, index, Math.min(to, tree.size)))
          yield { ...entry, index: index++ };
    }
  }

  async inclusionProof(index: number, size: number): Promise<Uint8Array[]> {
    if (size > this.#core.tree.size) await this.publisher.all();
    return inclusionProof(this.#core.tree, index, size);
  }

  async consistencyProof(from: number, to: number): Promise<Uint8Array[]> {
    if (to > this.#core.tree.size) await this.publisher.all();
    return consistencyProof(this.#core.tree, from, to);
  }

  async receipt(index: number): Promise<string> {
    await this.publisher.all();
    await this.publisher.cosigned();
    const { tree, published = new Uint8Array() } = this.#core;
    return formatReceipt({
      index,
      proof: await inclusionProof(tree, index, tree.size),
      checkpoint: published,
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    try {
      await this.#committer.drain();
      await this.publisher.stop();
    } finally {
      await this.#journal.close(this.#core.publishedSize === this.size && !this.#core.failure);
    }
  }
}
