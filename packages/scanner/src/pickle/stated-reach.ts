import { DEFAULT_LIMITS } from "../core/limits.js";
import { type Part, Scan } from "../core/scan.js";
import type { Source } from "../core/source.js";
import { scanStream } from "./streams.js";

const STEPS = 2_000_000;
/** A window of the reader: opcodes that fill it to its end may go on behind it. */
const WINDOW = 256 * 1024;

/**
 * To where the opcodes of a pickle that is still being unpacked account for its bytes: long strings and joblib's arrays
 * state their lengths before they come.
 */
export function pickleReach(source: Source): number {
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
  let end = 0;
  let stopped = false;
  scratch.guard(part, () => {
    ({ end, stopped } = scanStream(scratch, part, 0));
  });
  if (beyond !== undefined) return beyond;
  return !stopped && last + WINDOW >= source.size ? source.size + 1 : end;
}
