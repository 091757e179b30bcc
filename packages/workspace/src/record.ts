import type { Digest, Signer, Statement } from "@countersign/evidence";
import { CountersignError, encodeEnvelope, signStatement } from "@countersign/evidence";
import type { ChainRow, Entry, Leaf } from "@countersign/facts";
import {
  checkChain,
  decodeLeaf,
  encodeLeaf,
  Fold,
  outcomeOf,
  predicateOf,
  subjectsOf,
} from "@countersign/facts";
import type { Log } from "@countersign/log";
import { Mutex } from "./mutex.js";
import type { Objects } from "./objects.js";
import type { ProjectedEntry, Projection } from "./projection.js";

/** What is to go on the record: an object's bytes and what its leaf says beside time and place. */
export type Item = Pick<Leaf, "predicate" | "outcome" | "signer" | "subjects"> & { bytes: Uint8Array };

const BATCH = 4096;

/**
 * The one write path: objects made durable, then the log, then the fold and the projection; only then is the caller
 * answered. Opening replays what the fold and the projection lack.
 */
export class Record {
  readonly workspace: string;
  readonly log: Log;
  readonly objects: Objects;
  readonly fold: Fold = new Fold();
  readonly #projection: Projection;
  readonly #clock: () => number;
  readonly #skew: number;
  readonly #applying = new Mutex();
  readonly #writing = new Mutex();
  readonly #listeners = new Set<(entry: Entry) => void>();
  #lastAt = 0;

  constructor(parts: {
    workspace: string;
    log: Log;
    objects: Objects;
    projection: Projection;
    clock: () => number;
    allowedSkewMs: number;
  }) {
    this.workspace = parts.workspace;
    this.log = parts.log;
    this.objects = parts.objects;
    this.#projection = parts.projection;
    this.#clock = parts.clock;
    this.#skew = parts.allowedSkewMs;
  }

  /** Replays the log into the fold, and into the projection what it has not applied yet. */
  async replay(): Promise<void> {
    if ((await this.#projection.applied()) > this.log.size) await this.#projection.rewind();
    await this.#catchUp(await this.#projection.applied());
  }

  onEntry(listener: (entry: Entry) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The time that the next entry would carry. Refuses a clock that runs behind the log by more than the skew. */
  now(): number {
    const now = this.#clock();
    const last = Math.max(this.#lastAt, this.fold.lastAt);
    if (now < last - this.#skew) {
      throw new CountersignError(
        "clock-behind",
        `This machine's clock is ${Math.round((last - now) / 1000)} s behind the newest log entry. Set the clock, then try again.`,
      );
    }
    return Math.max(now, last);
  }

  /** Signs a statement and puts it on the record. */
  async state(statement: Statement, signer: Signer): Promise<Entry> {
    const [entry] = await this.write([await this.sign(statement, signer)]);
    return entry as Entry;
  }

  async sign(statement: Statement, signer: Signer): Promise<Item> {
    const bytes = encodeEnvelope(await signStatement(statement, signer));
    return itemOf(bytes, statement, signer.publicKey.keyId, this.workspace);
  }

  /** Puts items on the record in order. Resolves once each is durable and folded. */
  write(items: Item[]): Promise<Entry[]> {
    return this.#writing.shared(() => this.#write(items));
  }

  /**
   * Runs `check` while no other entry can come, then writes what it returns: what was checked is still true when it
   * is enacted.
   */
  writeExclusively(check: () => Promise<Item[]>): Promise<Entry[]> {
    return this.#writing.exclusive(async () => {
      await this.settled();
      return this.#write(await check());
    });
  }

  /**
   * Resolves once everything that is durable in the log is folded; throws where the projection cannot take it. A finding that
   * was acknowledged to nobody, but is in the log, must not be passed over.
   */
  async settled(): Promise<void> {
    if (this.fold.size < this.log.size) await this.#catchUp();
  }

  /** The chain of a subject, held against the fold. */
  async chain(subject: Digest): Promise<Entry[]> {
    for (let attempt = 0; attempt < 3; attempt++) {
      const entries = await this.#tryChain(subject);
      if (entries !== undefined) return entries;
    }
    const settled = await this.#applying.exclusive(() => this.#tryChain(subject));
    if (settled === undefined) throw new CountersignError("internal", "The fold moved while it was locked.");
    return settled;
  }

  /** One entry read from the log itself. */
  async entry(index: number): Promise<Entry> {
    for await (const { leaf } of this.log.entries(index, index + 1)) return toEntry(index, leaf);
    throw new CountersignError("log-not-found", `The log has no entry ${index}.`);
  }

  // Undefined where an entry was folded meanwhile: the rows may then be older than the head.
  async #tryChain(subject: Digest): Promise<Entry[] | undefined> {
    const { size } = this.fold;
    const head = this.fold.head(this.workspace, subject);
    // Nothing was ever said of it, so nothing that a store answers could count. Most revocation look-ups end here.
    if (head.count === 0) return [];
    const rows = await this.#rowsBelow(subject, size);
    return this.fold.size === size ? checkChain(rows, head, subject) : undefined;
  }

  async #rowsBelow(subject: Digest, size: number): Promise<ChainRow[]> {
    const rows = await this.#projection.chain(this.workspace, subject);
    return rows.filter(({ index }) => index < size);
  }

  async #write(items: Item[]): Promise<Entry[]> {
    const envelopes = await Promise.all(items.map(({ bytes }) => this.objects.put(bytes)));
    const at = this.now();
    this.#lastAt = at;
    const leaves = items.map(({ predicate, outcome, signer, subjects }, position) =>
      encodeLeaf({
        v: 1,
        at,
        workspace: this.workspace,
        predicate,
        outcome,
        signer,
        subjects,
        envelope: envelopes[position] as Digest,
      }),
    );
    const appended = await this.log.append(leaves);
    await this.#catchUp();
    return appended.map(({ index }, position) => toEntry(index, leaves[position] as Uint8Array));
  }

  #catchUp(projected = 0): Promise<void> {
    return this.#applying.exclusive(async () => {
      while (this.fold.size < this.log.size) await this.#applyBatch(projected);
    });
  }

  async #applyBatch(projected: number): Promise<void> {
    const from = this.fold.size;
    const to = Math.min(this.log.size, from + BATCH);
    const batch: ProjectedEntry[] = [];
    for await (const { index, leaf } of this.log.entries(from, to)) batch.push(toProjected(index, leaf));
    const fresh = batch.filter(({ index }) => index >= projected);
    if (fresh.length > 0) await this.#projection.apply(fresh, to);
    for (const { index, raw } of batch) this.#announce(this.fold.apply(index, raw));
  }

  #announce(entry: Entry): void {
    for (const listener of this.#listeners) listener(entry);
  }
}

export const toEntry = (index: number, raw: Uint8Array): Entry => ({ ...decodeLeaf(raw), index, raw });
const toProjected = (index: number, raw: Uint8Array): ProjectedEntry => ({
  index,
  raw,
  leaf: decodeLeaf(raw),
});

function itemOf(bytes: Uint8Array, statement: Statement, signer: Digest, workspace: string): Item {
  return {
    bytes,
    signer,
    predicate: predicateOf(statement.predicateType),
    outcome: outcomeOf(statement),
    subjects: subjectsOf(statement, workspace),
  };
}
