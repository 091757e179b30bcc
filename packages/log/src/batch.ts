import { fault } from "./faults.js";
import { Run } from "./run.js";
import { MAX_LEAF } from "./tiles.js";

export interface Appended {
  readonly index: number;
  /** The very same bytes were in the log already; `index` is where. */
  readonly duplicate: boolean;
}

/** One call of `append` on its way. */
export interface Request {
  readonly run: Run;
  resolve(appended: Appended[]): void;
  reject(reason: unknown): void;
}

export function packLeaves(leaves: readonly Uint8Array[]): Run {
  for (const { length } of leaves) {
    if (length > MAX_LEAF) {
      throw fault("payload-too-large", `an entry of the log has at most ${MAX_LEAF} bytes, not ${length}`);
    }
  }
  return Run.pack(leaves);
}

/** Takes what goes into one commit off the queue: at least one request, and no more than fits. */
export function takeBatch(queue: Request[], maxEntries: number, maxBytes: number): Request[] {
  let [entries, bytes, count] = [0, 0, 0];
  for (const request of queue) {
    entries += request.run.count;
    bytes += request.run.bytes.length;
    if (count > 0 && (entries > maxEntries || bytes > maxBytes)) break;
    count++;
  }
  return queue.splice(0, count);
}
