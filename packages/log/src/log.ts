import type { Signer } from "@countersign/evidence";
import { type Appended, Fresh, packRequest, type Request, takeBatch } from "./batch.js";
import { formatCheckpoint } from "./checkpoint.js";
import { fault } from "./faults.js";
import type { Frontier } from "./frontier.js";
import { Hashes } from "./hashes.js";
import { signNote, verifierKeyOf } from "./keys.js";
import { formatVkey, type VerifierKey } from "./note.js";
import { consistencyProof, inclusionProof } from "./proofs.js";
import { type Edition, publishCheckpoint, publishTiles, replacedPartials } from "./publish.js";
import { type Entry, readEntries } from "./reader.js";
import { formatReceipt } from "./receipt.js";
import { encodeRecord } from "./record.js";
import { mustBeNew, type Recovered, recover } from "./recover.js";
import { STATE_PATH, signState } from "./state.js";
import type { Journal, Store } from "./store.js";
import { openStoreJournal } from "./store-journal.js";
import { TileTree } from "./tree.js";

export interface LogOptions {
  readonly store: Store;
  /** The log's name, as `example.com/log`: no spaces, no plus sign. */
  readonly origin: string;
  readonly signer: Signer;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly batch?: {
    /** What one commit takes at most, from requests that wait. */
    readonly maxEntries?: number;
    /** How long a commit waits for company; it never waits when 0. */
    readonly maxDelayMs?: number;
    /** How long entries stay in the journal before they are published as tiles. */
    readonly publishDelayMs?: number;
  };
  /** How far the clock may run behind the newest commit. */
  readonly allowedSkewMs?: number;
}

export interface Log {
  readonly origin: string;
  readonly size: number;
  readonly verifierKey: string;
  append(leaves: readonly Uint8Array[]): Promise<Appended[]>;
  checkpoint(): Promise<Uint8Array>;
  entries(from: number, to: number): AsyncIterable<Entry>;
  inclusionProof(index: number, size: number): Promise<Uint8Array[]>;
  consistencyProof(from: number, to: number): Promise<Uint8Array[]>;
  receipt(index: number): Promise<string>;
  close(): Promise<void>;
}

const MAX_BATCH_BYTES = 4 * 1024 * 1024;
const MAX_TAIL_BYTES = 64 * 1024 * 1024;
const MAX_ENTRIES = 2 ** 32 - 2;

/**
 * Opens a log for writing. An append is acknowledged when a record with its entries is durable in the journal and a checkpoint is
 * signed over them. Tiles and the public checkpoint follow shortly behind, many entries at a time; and nothing that names a
 * size (a checkpoint, a proof, a receipt) leaves this room before the tiles of that size are public.
 */
export async function openLog(options: LogOptions): Promise<Log> {
  const key = await verifierKeyOf(options.signer, options.origin);
  const journal = (await options.store.openJournal?.()) ?? (await openStoreJournal(options.store));
  try {
    const recovered = await recover(options.store, journal, key);
    if (!recovered.published && recovered.frontier.size === 0) await mustBeNew(options.store);
    const log = new TileLog(options, key, journal, recovered);
    await log.start();
    return log;
  } catch (error) {
    await journal.close();
    throw error;
  }
}

class TileLog implements Log {
  readonly origin: string;
  readonly verifierKey: string;
  readonly #options: LogOptions;
  readonly #key: VerifierKey;
  readonly #journal: Journal;
  #state: Recovered;
  #queue: Request[] = [];
  #committing: Promise<void> | undefined;
  #publishing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: LogOptions, key: VerifierKey, journal: Journal, recovered: Recovered) {
    this.#options = options;
    this.#key = key;
    this.#journal = journal;
    this.#state = recovered;
    this.origin = options.origin;
    this.verifierKey = formatVkey(key);
  }

  get size(): number {
    return this.#state.frontier.size;
  }

  async start(): Promise<void> {
    const state = this.#state;
    state.time = this.#now();
    state.note ??= await this.#signCheckpoint(this.size, state.frontier.root());
    await this.#publishAll();
  }

  #now(): number {
    const now = this.#options.clock();
    const behind = this.#state.time - now;
    if (!(behind <= (this.#options.allowedSkewMs ?? 60_000))) {
      throw fault("clock-behind", `the clock runs ${behind} ms behind the log: set it right`, { behind });
    }
    return Math.max(now, this.#state.time);
  }

  #signCheckpoint(size: number, root: Uint8Array): Promise<Uint8Array> {
    const text = formatCheckpoint({ origin: this.origin, size, root });
    return signNote(text, this.#key, this.#options.signer, "checkpoint");
  }

  async append(leaves: readonly Uint8Array[]): Promise<Appended[]> {
    if (this.#closed) throw fault("log-unavailable", "the log is closed");
    if (leaves.length === 0) return [];
    const request = packRequest(leaves);
    return new Promise((resolve, reject) => {
      this.#queue.push({ ...request, resolve, reject });
      this.#committing ??= this.#commitAll().finally(() => {
        this.#committing = undefined;
      });
    });
  }

  async #commitAll(): Promise<void> {
    const { maxEntries = 4096, maxDelayMs = 0 } = this.#options.batch ?? {};
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
    const state = this.#state;
    if (state.tail.bytes > MAX_TAIL_BYTES) await this.#publishAll();
    const time = this.#now();
    const fresh = new Fresh(this.size, batch);
    const answers: Appended[][] = [];
    for (const request of batch) answers.push(await this.#assign(request, fresh));
    if (fresh.count === 0) return answers;
    if (fresh.first + fresh.count > MAX_ENTRIES) throw fault("log-unavailable", "the log is full");
    const before = state.note ?? new Uint8Array();
    const write = () =>
      this.#journal.append(encodeRecord({ first: fresh.first, time, note: before, runs: fresh.runs }));
    const { frontier, note } = await this.#seal(fresh, write);
    state.full.push(...frontier.takeFull());
    fresh.moveTo(state.tail);
    Object.assign(state, { frontier, note, time });
    this.#publishSoon();
    return answers;
  }

  /** Makes the entries durable and signs the checkpoint over them, both at once where that can be undone. */
  async #seal(fresh: Fresh, write: () => Promise<void>): Promise<{ frontier: Frontier; note: Uint8Array }> {
    const written = this.#journal.retract ? write() : undefined;
    const [durable, sealed] = await Promise.allSettled([written, this.#sign(fresh)]);
    if (durable.status === "rejected") throw durable.reason;
    if (sealed.status === "rejected") {
      await this.#journal.retract?.();
      throw sealed.reason;
    }
    if (!written) await write();
    return sealed.value;
  }

  async #sign(fresh: Fresh): Promise<{ frontier: Frontier; note: Uint8Array }> {
    const frontier = this.#state.frontier.clone();
    for (let at = 0; at < fresh.count; at++) frontier.push(fresh.hashes, at);
    return { frontier, note: await this.#signCheckpoint(frontier.size, frontier.root()) };
  }

  /** Gives each leaf the index that it has or gets. An index that a failed commit proposed is harmless: hashes decide. */
  async #assign(request: Request, fresh: Fresh): Promise<Appended[]> {
    const { index } = this.#state;
    const { hashes } = request;
    const answer: Appended[] = [];
    const picked: number[] = [];
    for (let at = 0; at < hashes.count; at++) {
      const known = index.mayHave(hashes, at) ? await this.#find(hashes, at, fresh) : undefined;
      answer.push({ index: known ?? fresh.first + fresh.count, duplicate: known !== undefined });
      if (known !== undefined) continue;
      index.add(hashes, at, fresh.first + fresh.count);
      fresh.add(hashes, at);
      picked.push(at);
    }
    if (picked.length > 0) fresh.runs.push(request.run.pick(picked));
    return answer;
  }

  async #find(hashes: Hashes, at: number, fresh: Fresh): Promise<number | undefined> {
    for (const entry of this.#state.index.candidates(hashes, at)) {
      if (await this.#matches(entry, hashes, at, fresh)) return entry;
    }
    return undefined;
  }

  async #matches(entry: number, hashes: Hashes, at: number, fresh: Fresh): Promise<boolean> {
    const { tail, tree } = this.#state;
    if (tail.has(entry)) return tail.matches(entry, hashes, at);
    if (entry >= fresh.first)
      return entry < fresh.first + fresh.count && fresh.hashes.equals(entry - fresh.first, hashes, at);
    return Hashes.of(await tree.leafHashAt(entry)).equals(0, hashes, at);
  }

  #publishSoon(): void {
    if (this.#timer || this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      // What failed stays in the journal and is tried again with the next commit, or by whoever asks for a checkpoint.
      this.#publishAll().catch(() => undefined);
    }, this.#options.batch?.publishDelayMs ?? 250);
    this.#timer.unref();
  }

  /** Makes everything public that is committed now. */
  async #publishAll(): Promise<void> {
    const size = this.size;
    while (!this.#state.published || this.#state.publishedSize < size) {
      this.#publishing ??= this.#publish().finally(() => {
        this.#publishing = undefined;
      });
      await this.#publishing;
    }
  }

  async #publish(): Promise<void> {
    const { store, signer } = this.#options;
    const state = this.#state;
    const { frontier, publishedSize: from, note = new Uint8Array(), time } = state;
    const { size } = frontier;
    const [full, partials] = [state.full.slice(), frontier.partials()];
    const signed = await signState({ size, time }, this.#key, signer);
    const edition: Edition = { from, size, note, state: signed, full, partials, tail: state.tail };
    await publishTiles(store, edition);
    await store.putIfMatch(STATE_PATH, signed, await store.get(STATE_PATH));
    await publishCheckpoint(store, note, state.published);
    const edge = new Map(partials.map(({ level, bytes }) => [level, bytes]));
    state.tree = TileTree.grown(store, size, edge, state.tree);
    state.full.splice(0, full.length);
    state.published = note;
    state.publishedSize = size;
    state.tail.drop(size);
    await this.#journal.release(size);
    for (const directory of replacedPartials(edition)) await store.prune?.(directory);
  }

  async checkpoint(): Promise<Uint8Array> {
    await this.#publishAll();
    return new Uint8Array(this.#state.published ?? []);
  }

  async *entries(from: number, to: number): AsyncIterable<Entry> {
    const { tree } = this.#state;
    if (to > this.size) throw fault("log-not-found", `the log has no entries ${from} to ${to}`, { from, to });
    if (from < tree.size) yield* readEntries(tree, from, Math.min(to, tree.size));
    for (let index = Math.max(from, tree.size); index < to; index++) {
      const leaf = this.#state.tail.leaf(index);
      if (leaf) yield { index, leaf };
      else yield* readEntries(this.#state.tree, index, index + 1);
    }
  }

  async inclusionProof(index: number, size: number): Promise<Uint8Array[]> {
    if (size > this.#state.tree.size) await this.#publishAll();
    return inclusionProof(this.#state.tree, index, size);
  }

  async consistencyProof(from: number, to: number): Promise<Uint8Array[]> {
    if (to > this.#state.tree.size) await this.#publishAll();
    return consistencyProof(this.#state.tree, from, to);
  }

  async receipt(index: number): Promise<string> {
    await this.#publishAll();
    const { tree, published = new Uint8Array() } = this.#state;
    return formatReceipt({
      index,
      proof: await inclusionProof(tree, index, tree.size),
      checkpoint: published,
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    try {
      await this.#committing;
      await this.#publishAll();
    } finally {
      await this.#journal.close();
    }
  }
}
