import { fault } from "./faults.js";
import { leafHashInto } from "./hash.js";
import { HASH_SIZE } from "./merkle.js";
import { MAX_LEAF } from "./tiles.js";

export interface Appended {
  readonly index: number;
  /** The very same bytes were in the log already; `index` is where. */
  readonly duplicate: boolean;
}

/** One call of `append` on its way: its leaves (copied, as the caller may reuse its buffers) with their hashes. */
export interface Request {
  readonly leaves: readonly Uint8Array[];
  readonly hashes: Buffer;
  readonly bytes: number;
  resolve(appended: Appended[]): void;
  reject(reason: unknown): void;
}

export function makeRequest(leaves: readonly Uint8Array[]): Omit<Request, "resolve" | "reject"> {
  let bytes = 0;
  for (const leaf of leaves) {
    if (leaf.length > MAX_LEAF) {
      throw fault(
        "payload-too-large",
        `an entry of the log has at most ${MAX_LEAF} bytes, not ${leaf.length}`,
      );
    }
    bytes += leaf.length;
  }
  const block = Buffer.allocUnsafeSlow(bytes);
  const hashes = Buffer.allocUnsafeSlow(leaves.length * HASH_SIZE);
  let offset = 0;
  const own = leaves.map((leaf, i) => {
    block.set(leaf, offset);
    leafHashInto(leaf, hashes, i * HASH_SIZE);
    offset += leaf.length;
    return block.subarray(offset - leaf.length, offset);
  });
  return { leaves: own, hashes, bytes };
}

/** Takes what goes into one commit off the queue: at least one request, and no more than fits. */
export function takeBatch(queue: Request[], maxEntries: number, maxBytes: number): Request[] {
  let [entries, bytes, count] = [0, 0, 0];
  for (const request of queue) {
    entries += request.leaves.length;
    bytes += request.bytes;
    if (count > 0 && (entries > maxEntries || bytes > maxBytes)) break;
    count++;
  }
  return queue.splice(0, count);
}
