import { concatBytes } from "./bytes.js";
import { fault } from "./faults.js";
import { recordRange } from "./record.js";
import type { Journal, Store } from "./store.js";

/**
 * The journal of a store that has none of its own: one object a commit. `putIfAbsent` decides between two writers, as both want
 * the same name for what comes next; the loser has to open the log again. Objects stay, as a store need not be able to delete.
 */
export async function openStoreJournal(store: Store): Promise<Journal> {
  const path = (first: number): string => `journal/${String(first).padStart(16, "0")}`;
  let lost = false;
  return {
    async *records(from) {
      for (let next: number | undefined = from; next !== undefined; ) {
        const record: Uint8Array | undefined = await store.get(path(next));
        if (record) yield record;
        next = record ? recordRange(record)?.next : undefined;
      }
    },
    async append(pieces) {
      const record = concatBytes(...pieces);
      const first = recordRange(record)?.first ?? 0;
      // A put that failed may have happened all the same: only opening again can tell.
      if (lost || !(await store.putIfAbsent(path(first), record).catch(failed))) {
        lost = true;
        throw fault("directory-locked", "another process writes this log: open it again", { first });
      }
    },
    release: async () => undefined,
    close: async () => undefined,
  };
  function failed(error: unknown): never {
    lost = true;
    throw error;
  }
}
