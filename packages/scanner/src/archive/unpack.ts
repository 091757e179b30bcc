import { crc32 } from "node:zlib";
import { LimitReached } from "../core/limits.js";
import type { Part, Scan } from "../core/scan.js";
import { type Source, slice } from "../core/source.js";
import { MemorySpool, type Spool } from "../core/spill.js";
import { Output, type Sink } from "./output.js";
import { Stated } from "./stated.js";

/** Unpacks into `out` and answers how many packed bytes belong to the stream. Throws where the stream breaks. */
export type Unpacker = (packed: Source, out: Output) => number;

export interface Unpacked {
  source: Source;
  /** Packed bytes that belong to the stream. */
  consumed: number;
  crc: number;
  /** Why the output was cut. */
  cut?: LimitReached | "bomb" | "enough";
  /** Why unpacking stopped early; what came before is in `source`. */
  error?: string;
}

class Enough extends Error {}

/** Answers a new limit for what comes out once the old one is reached, or the old one. */
type More = (limit: number, spool: Spool) => number;

/** Counts and keeps what comes out, up to a limit. */
class Collector implements Sink {
  crc = 0;
  size = 0;
  private readonly spool: Spool;
  private limit: number;
  private readonly count: (bytes: number) => void;
  private readonly more: More;

  constructor(spool: Spool, limit: number, count: (bytes: number) => void, more: More) {
    this.spool = spool;
    this.limit = limit;
    this.count = count;
    this.more = more;
  }

  write(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) {
      if (this.size >= this.limit) this.limit = this.more(this.limit, this.spool);
      if (this.size >= this.limit) throw new Enough();
      const kept = chunk.subarray(at, at + this.limit - this.size);
      this.keep(kept);
      at += kept.length;
    }
  }

  private keep(kept: Buffer): void {
    this.count(kept.length);
    this.spool.write(kept);
    this.crc = crc32(kept, this.crc);
    this.size += kept.length;
  }

  recall(from: number, length: number): Buffer {
    return this.spool.source().read(from, length);
  }
}

/** Unpacks into a spool. A stream that breaks or is too large still gives what came before. */
export function collect(
  spool: Spool,
  run: (out: Output) => number,
  limit: number,
  count: (bytes: number) => void = () => undefined,
  more: More = () => limit,
): Unpacked {
  const sink = new Collector(spool, limit, count, more);
  const out = new Output(sink);
  const rest: Partial<Unpacked> = {};
  let consumed = 0;
  const attempt = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      if (error instanceof Enough) rest.cut ??= "enough";
      else if (error instanceof LimitReached) rest.cut ??= error;
      else rest.error ??= error instanceof Error ? error.message : "broken";
    }
  };
  attempt(() => {
    consumed = run(out);
  });
  attempt(() => out.flush());
  return { source: spool.source(), consumed, crc: sink.crc, ...rest };
}

/**
 * Unpacks `packed` bytes for a scan, within its budget. A stream that unpacks to far more than it should, and does not
 * say so itself, is a bomb; of one that is known to be a bomb a sample is enough.
 */
export function unpack(
  scan: Scan,
  packed: number,
  run: (out: Output) => number,
  sample: number = Number.POSITIVE_INFINITY,
): Unpacked {
  const { limits } = scan.budget;
  const honest = Math.max(limits.bombBytes, packed * limits.ratio);
  const limit = Math.min(sample, honest, limits.memberBytes);
  const stated = new Stated(limits.bombBytes);
  let most = limit;
  const more: More = (size, spool) => {
    if (size < honest || size >= Math.min(sample, limits.memberBytes)) return size;
    const reach = stated.reach(spool.source());
    if (reach > size) most = Math.min(Math.max(reach, Math.ceil(size * 1.125)), sample, limits.memberBytes);
    return most;
  };
  const count = (bytes: number): void => scan.budget.unpack(bytes, most > limit);
  const unpacked = collect(scan.spool(), run, limit, count, more);
  if (unpacked.cut !== "enough" || most === sample) return unpacked;
  if (most === limits.memberBytes) return { ...unpacked, cut: new LimitReached("memberBytes") };
  return { ...unpacked, source: slice(unpacked.source, 0, scan.budget.bomb()), cut: "bomb" };
}

const PEEK = 1024 * 1024;

/** Whether the beginning of a stream of `size` bytes says that so many follow, so that its size alone makes it no bomb. */
export function statesSize(run: (out: Output) => number, size: number): boolean {
  const { source } = collect(new MemorySpool(PEEK), run, PEEK);
  const stated = new Stated(PEEK);
  const reach = stated.reach(source);
  return reach >= size || (reach > source.size && stated.grows(source));
}

/** Reports why an unpacked stream ended early. */
export function reportUnpacked(scan: Scan, part: Part, packed: number, { cut, error }: Unpacked): void {
  if (cut === "bomb")
    scan.report("archive-bomb", part, `${packed} bytes unpack to far more than they should.`, {
      cause: "bomb",
    });
  if (cut !== undefined) {
    const message = "Only the beginning of the unpacked bytes was examined.";
    scan.report("limit-reached", part, message, { cause: "size" });
  } else if (error !== undefined) {
    scan.budget.broken();
    scan.report("archive-broken", part, `The stream cannot be unpacked to its end: ${error}.`, {
      cause: "broken",
    });
  }
}
