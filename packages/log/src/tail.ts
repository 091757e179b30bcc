import type { Hashes } from "./hashes.js";
import type { Run } from "./run.js";
import { TILE_WIDTH } from "./tiles.js";

interface Piece {
  readonly first: number;
  readonly run: Run;
  readonly hashes: Hashes;
}

/** The newest entries, in memory: those not yet in tiles, and those of their first bundle that are. */
export class Tail {
  #from: number;
  #size: number;
  #pieces: Piece[] = [];
  #bytes = 0;

  constructor(from: number) {
    this.#from = from;
    this.#size = from;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Appends a run with the hashes of its leaves. */
  push(run: Run, hashes: Hashes): void {
    this.#pieces.push({ first: this.#size, run, hashes });
    this.#size += run.count;
    this.#bytes += run.bytes.length;
  }

  has(entry: number): boolean {
    return entry >= this.#from && entry < this.#size;
  }

  leaf(entry: number): Uint8Array | undefined {
    const piece = this.#pieceOf(entry);
    return piece?.run.leaf(entry - piece.first);
  }

  matches(entry: number, hashes: Hashes, at: number): boolean {
    const piece = this.#pieceOf(entry);
    return piece?.hashes.equals(entry - piece.first, hashes, at) ?? false;
  }

  #pieceOf(entry: number): Piece | undefined {
    if (!this.has(entry)) return undefined;
    let [low, high] = [0, this.#pieces.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#pieces[middle]?.first ?? 0) <= entry) low = middle;
      else high = middle - 1;
    }
    return this.#pieces[low];
  }

  /** The entries [from, to), in as few runs as they lie in. */
  slice(from: number, to: number): Run[] {
    const runs: Run[] = [];
    for (let piece = this.#pieceOf(from); piece && from < to; piece = this.#pieceOf(from)) {
      const run = piece.run.slice(from - piece.first, Math.min(to - piece.first, piece.run.count));
      runs.push(run);
      from += run.count;
    }
    return runs;
  }

  /** Forgets what lies in whole bundles below `size`. */
  drop(size: number): void {
    const keep = Math.floor(size / TILE_WIDTH) * TILE_WIDTH;
    const gone = this.#pieces.findIndex(({ first, run }) => first + run.count > keep);
    const dropped = this.#pieces.splice(0, gone < 0 ? this.#pieces.length : gone);
    for (const { run } of dropped) this.#bytes -= run.bytes.length;
    this.#from = this.#pieces[0]?.first ?? this.#size;
  }
}
