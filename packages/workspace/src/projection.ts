import type { Digest } from "@countersign/evidence";
import type { ChainRow, Leaf, Predicate } from "@countersign/facts";

export interface ProjectedEntry {
  index: number;
  raw: Uint8Array;
  leaf: Leaf;
}

/**
 * An index over the log that answers quickly and is never believed: chains are held against the fold, and listed
 * entries are read from the log again.
 */
export interface Projection {
  /** Number of log entries applied. */
  applied(): Promise<number>;
  /** Stores the entries and the new applied size in one transaction. */
  apply(entries: ProjectedEntry[], size: number): Promise<void>;
  /** Rows of one subject in index order. */
  chain(workspace: string, subject: Digest): Promise<ChainRow[]>;
  /** Indexes of entries with one of the predicates, newest first, below `before`. */
  list(workspace: string, predicates: Predicate[], before: number, limit: number): Promise<number[]>;
  /** Every row, for an audit. */
  rows(): AsyncIterable<ChainRow & { workspace: string; subject: Digest }>;
  /** Forgets everything, to be replayed. */
  rewind(): Promise<void>;
}

/** The projection of a process that stands alone: rebuilt from the log at each start. */
export function memoryProjection(): Projection {
  let size = 0;
  const chains = new Map<string, ChainRow[]>();
  const listed: { index: number; workspace: string; predicate: Predicate }[] = [];
  const keyOf = (workspace: string, subject: string): string => `${workspace} ${subject}`;
  return {
    applied: async () => size,
    apply: async (entries, newSize) => {
      for (const { index, raw, leaf } of entries) {
        listed.push({ index, workspace: leaf.workspace, predicate: leaf.predicate });
        for (const subject of leaf.subjects) {
          const key = keyOf(leaf.workspace, subject);
          const rows = chains.get(key) ?? [];
          rows.push({ index, raw });
          chains.set(key, rows);
        }
      }
      size = newSize;
    },
    chain: async (workspace, subject) => chains.get(keyOf(workspace, subject)) ?? [],
    list: async (workspace, predicates, before, limit) => {
      const found: number[] = [];
      for (let at = Math.min(before, listed.length) - 1; at >= 0 && found.length < limit; at--) {
        const item = listed[at];
        if (item?.workspace === workspace && predicates.includes(item.predicate)) found.push(item.index);
      }
      return found;
    },
    rows: async function* () {
      for (const [key, rows] of chains) {
        const [workspace = "", subject = ""] = key.split(" ");
        for (const row of rows) yield { ...row, workspace, subject: subject as Digest };
      }
    },
    rewind: async () => {
      size = 0;
      chains.clear();
      listed.length = 0;
    },
  };
}
