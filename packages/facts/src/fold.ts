import { createHash } from "node:crypto";
import type { Digest } from "@countersign/evidence";
import { CountersignError } from "@countersign/evidence";
import type { ChainHead } from "./chains.js";
import { ChainTable, emptyHead, extendHead } from "./chains.js";
import type { Leaf } from "./leaf.js";
import { decodeLeaf } from "./leaf.js";

/** One entry of a subject's chain, as a store that nobody has to trust returns it. */
export interface ChainRow {
  index: number;
  raw: Uint8Array;
}

export interface Entry extends Leaf {
  index: number;
  raw: Uint8Array;
}

const LEAF_PREFIX = Uint8Array.of(0);

/** RFC 6962 leaf hash. */
export const leafHash = (raw: Uint8Array): Buffer =>
  createHash("sha256").update(LEAF_PREFIX).update(raw).digest();

/**
 * What the log says, in the little that must be held in memory to catch a store that leaves something out: per
 * subject a count and a running hash, and where the trust roots are.
 */
export class Fold {
  #chains = new ChainTable();
  #size = 0;
  #lastAt = 0;
  #trustRoots = new Map<string, ChainRow[]>();

  /** Number of entries folded, which is the index that comes next. */
  get size(): number {
    return this.#size;
  }

  /** Time of the newest entry; the next one may not be earlier. */
  get lastAt(): number {
    return this.#lastAt;
  }

  apply(index: number, raw: Uint8Array): Entry {
    if (index !== this.#size) {
      throw new CountersignError("log-tampered", `Entry ${index} came where entry ${this.#size} was due.`);
    }
    const leaf = decodeLeaf(raw);
    if (leaf.at < this.#lastAt) {
      throw new CountersignError(
        "log-tampered",
        `Entry ${index} claims to be older than the entry before it.`,
      );
    }
    const hash = leafHash(raw);
    for (const subject of leaf.subjects) this.#chains.extend(leaf.workspace, subject, hash);
    if (leaf.predicate === "trust-root") {
      const rows = this.#trustRoots.get(leaf.workspace) ?? [];
      rows.push({ index, raw });
      this.#trustRoots.set(leaf.workspace, rows);
    }
    this.#size++;
    this.#lastAt = leaf.at;
    return { ...leaf, index, raw };
  }

  head(workspace: string, subject: Digest): ChainHead {
    return this.#chains.head(workspace, subject);
  }

  trustRoots(workspace: string): readonly ChainRow[] {
    return this.#trustRoots.get(workspace) ?? [];
  }
}

/**
 * Returns the entries of a chain after holding the rows that a store gave against the fold.
 * The attacker here edits, inserts, deletes or restores rows: every such change alters the count or the hash.
 */
export function checkChain(rows: readonly ChainRow[], expected: ChainHead, subject: Digest): Entry[] {
  let head = emptyHead();
  let last = -1;
  const entries: Entry[] = [];
  for (const { index, raw } of rows) {
    if (index <= last) throw mismatch(subject, `entry ${index} is out of order`);
    head = extendHead(head, leafHash(raw));
    last = index;
  }
  if (head.count !== expected.count)
    throw mismatch(subject, `it has ${head.count} entries, the log ${expected.count}`);
  if (!head.hash.equals(expected.hash)) throw mismatch(subject, "its content differs from the log");
  for (const { index, raw } of rows) entries.push({ ...decodeLeaf(raw), index, raw });
  return entries;
}

const mismatch = (subject: Digest, what: string): CountersignError =>
  new CountersignError(
    "projection-mismatch",
    `The stored chain of ${subject} disagrees with the log: ${what}. Run \`countersign log audit\` to see what was touched.`,
  );
