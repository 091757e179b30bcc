import { BRANCHES, type Branch, type UndoBranch } from "./branches.js";
import { Output, type Sink } from "./output.js";

/** Reversible filters that archives put before a compressor. */
export type Filter = { kind: Branch } | { kind: "delta"; distance: number };

/** A filter changes what the decompressor would look up in its past, so its window must hold all of that. */
const REACH = 96 * 1024 * 1024;

/** Runs `unpack` into the filters (the last is undone first) and what they give into `out`. */
export function throughFilters(
  filters: readonly Filter[],
  out: Output,
  unpack: (target: Output) => number,
): number {
  const chain: { filter: Undoing; target: Output }[] = [];
  let target = out;
  for (const filter of filters) {
    const undoing =
      filter.kind === "delta" ? new UndoDelta(target, filter.distance) : new Branches(target, filter.kind);
    target = new Output(undoing, REACH);
    chain.unshift({ filter: undoing, target });
  }
  try {
    return unpack(target);
  } finally {
    for (const link of chain) {
      link.target.flush();
      link.filter.finish();
    }
  }
}

abstract class Undoing implements Sink {
  protected readonly out: Output;
  constructor(out: Output) {
    this.out = out;
  }
  abstract write(chunk: Buffer): void;
  abstract finish(): void;
  recall(): Buffer {
    throw new Error("a distance beyond the window in front of a filter");
  }
}

class Branches extends Undoing {
  private readonly undo: UndoBranch;
  private position = 0;
  /** Bytes that may belong to an instruction whose end is still to come. */
  private rest: Buffer = Buffer.alloc(0);

  constructor(out: Output, kind: Branch) {
    super(out);
    this.undo = BRANCHES[kind]();
  }

  write(chunk: Buffer): void {
    const bytes = Buffer.concat([this.rest, chunk]);
    const done = this.undo(bytes, this.position);
    this.rest = Buffer.from(bytes.subarray(done));
    this.position += done;
    this.out.emit(bytes.subarray(0, done));
  }

  finish(): void {
    this.out.emit(this.rest);
    this.rest = Buffer.alloc(0);
  }
}

class UndoDelta extends Undoing {
  private readonly distance: number;
  private past: Buffer;

  constructor(out: Output, distance: number) {
    super(out);
    this.distance = distance;
    this.past = Buffer.alloc(distance);
  }

  write(chunk: Buffer): void {
    const bytes = Buffer.concat([this.past, chunk]);
    for (let at = this.distance; at < bytes.length; at++)
      bytes[at] = ((bytes[at] ?? 0) + (bytes[at - this.distance] ?? 0)) & 0xff;
    this.past = Buffer.from(bytes.subarray(bytes.length - this.distance));
    this.out.emit(bytes.subarray(this.distance));
  }

  finish(): void {
    this.out.flush();
  }
}
