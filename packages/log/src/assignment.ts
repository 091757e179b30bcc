import type { Appended } from "./batch.js";
import type { Core } from "./core.js";
import { Hashes } from "./hashes.js";
import type { Run } from "./run.js";

interface Piece {
  readonly run: Run;
  readonly hashes: Hashes;
}

/**
 * Gives each leaf of a commit the index that it has or gets, and gathers those that are new. The index of leaf hashes learns of
 * them before they are durable: if the commit fails, what it learned is harmless, as the hashes themselves decide.
 */
export class Assignment {
  readonly first: number;
  readonly pieces: Piece[] = [];
  count = 0;
  readonly #core: Core;
  /** The hashes of the run at hand, and which of them are new. */
  #hashes: Hashes = new Hashes(0);
  #places: number[] = [];

  constructor(core: Core) {
    this.#core = core;
    this.first = core.frontier.size;
  }

  async take(run: Run): Promise<Appended[]> {
    const { index } = this.#core;
    const hashes = Hashes.ofLeaves(run);
    const answer: Appended[] = [];
    const places: number[] = [];
    [this.#hashes, this.#places] = [hashes, places];
    const first = this.first + this.count;
    for (let at = 0; at < run.count; at++) {
      const known = index.mayHave(hashes, at) ? await this.#find(hashes, at) : undefined;
      answer.push({ index: known ?? first + places.length, duplicate: known !== undefined });
      if (known !== undefined) continue;
      index.add(hashes, at, first + places.length);
      places.push(at);
    }
    this.#gather(run, hashes, places);
    return answer;
  }

  #gather(run: Run, hashes: Hashes, places: readonly number[]): void {
    this.count += places.length;
    if (places.length === run.count) this.pieces.push({ run, hashes });
    else if (places.length > 0) this.pieces.push({ run: run.pick(places), hashes: hashes.pick(places) });
    this.#places = [];
  }

  async #find(hashes: Hashes, at: number): Promise<number | undefined> {
    for (const entry of this.#core.index.candidates(hashes, at)) {
      if (await this.#matches(entry, hashes, at)) return entry;
    }
    return undefined;
  }

  async #matches(entry: number, hashes: Hashes, at: number): Promise<boolean> {
    const { tail, tree } = this.#core;
    if (entry >= this.first) return this.#matchesNew(entry, hashes, at);
    if (tail.has(entry)) return tail.matches(entry, hashes, at);
    return Hashes.of(await tree.leafHashAt(entry)).equals(0, hashes, at);
  }

  #matchesNew(entry: number, hashes: Hashes, at: number): boolean {
    let from = this.first;
    for (const { run, hashes: own } of this.pieces) {
      if (entry < from + run.count) return own.equals(entry - from, hashes, at);
      from += run.count;
    }
    const place = this.#places[entry - from];
    return place !== undefined && this.#hashes.equals(place, hashes, at);
  }
}
