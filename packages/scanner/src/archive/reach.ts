import { DEFAULT_LIMITS } from "../core/limits.js";
import { type Part, Scan } from "../core/scan.js";
import type { Source } from "../core/source.js";
import { endOfRData, isRData } from "../formats/rdata/rdata.js";
import { scanStream } from "../pickle/streams.js";

const STEPS = 2_000_000;
/** What the readers take at once: items that fill it to its end may go on behind it. */
const WINDOW = 1024 * 1024;

/** Arrays alone honestly repeat themselves so often: a long string that is no array's is a bomb. */
const ARRAYS = /numpy|joblib/;
const ARRAYS_WITHIN = 64 * 1024;

/**
 * To where the items of a pickle of arrays, or of R's data, that is still being unpacked account for its bytes: strings and vectors
 * state their lengths before they come. Undefined for anything else.
 */
export function itemsReach(source: Source): number | undefined {
  const head = source.read(0, 64);
  if (head[0] === 0x80) {
    if (!ARRAYS.test(source.read(0, ARRAYS_WITHIN).toString("latin1"))) return undefined;
    return follow(source, (scan, part) => scanStream(scan, part, 0));
  }
  if (!isRData(head)) return undefined;
  return follow(source, ({ budget }, part) => ({ end: endOfRData(part.source, budget), stopped: true }));
}

/** Reads as if more than `source` were there already, and answers where that begins to matter. */
function follow(source: Source, read: (scan: Scan, part: Part) => { end: number; stopped: boolean }): number {
  let beyond: number | undefined;
  let last = 0;
  const endless: Source = {
    size: Number.MAX_SAFE_INTEGER,
    read: (offset, length) => {
      if (offset > source.size) beyond ??= offset;
      last = Math.max(last, offset);
      return source.read(offset, length);
    },
  };
  const scratch = new Scan({ ...DEFAULT_LIMITS, steps: STEPS, depth: 0 }, () => "unknown");
  const part: Part = { source: endless, name: "", member: "", depth: 0 };
  let found = { end: 0, stopped: false };
  scratch.guard(part, () => {
    found = read(scratch, part);
  });
  if (beyond !== undefined) return beyond;
  return !found.stopped && last + WINDOW >= source.size ? source.size + 1 : found.end;
}
