import type { Judged, Predicate } from "@countersign/facts";
import type pg from "pg";

/**
 * Reads the log in order and keeps tables that answer quickly. The log is the outbox: a consumer that was away reads on from its
 * cursor, and one whose rows are lost begins again. What it keeps is never evidence.
 */
export interface Consumer {
  /** Its cursor's name. A new name reads the log from the start. */
  readonly name: string;
  /** The entries that it is given; it is not woken for others. */
  readonly predicates: readonly Predicate[];
  /**
   * Stores what the entries say, in the transaction that moves the cursor. An entry whose `status` is not `held` was stated by
   * somebody who may not, or is gone; revocations are entries of their own.
   */
  apply(client: pg.PoolClient, items: readonly Judged[]): Promise<void>;
  /** Deletes all that it keeps. */
  forget(client: pg.PoolClient): Promise<void>;
}
