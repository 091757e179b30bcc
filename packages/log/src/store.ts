/**
 * Where a log lives: a file system now, an object store later. A put is durable before it resolves. The three first methods are
 * all that an object store has to give; what it lacks of the rest, the log does without.
 */
export interface Store {
  get(path: string): Promise<Uint8Array | undefined>;
  /** False when something is there already; that is left as it is. */
  putIfAbsent(path: string, bytes: Uint8Array): Promise<boolean>;
  /** False when what is there is not `expected` (undefined: nothing). */
  putIfMatch(path: string, bytes: Uint8Array, expected: Uint8Array | undefined): Promise<boolean>;
  /** As `putIfAbsent` of each, at the price of few. Says for each whether it was put. */
  putAll?(files: readonly StoredFile[]): Promise<boolean[]>;
  /** A sequential journal, cheaper than one put a batch; it also makes this process the only writer. */
  openJournal?(): Promise<Journal>;
  /** Removes what lies under a directory (partial tiles that a full one replaced). */
  prune?(directory: string): Promise<void>;
}

export interface StoredFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * The write-ahead journal; its records are those of `encodeRecord`. A record that `append` resolved for is durable; one that it rejected for is gone, unless the process
 * dies before it can be taken back.
 */
export interface Journal {
  /** What survived, from the first record that may hold an entry at or after `from`. */
  records(from: number): AsyncIterable<Uint8Array>;
  /** Takes a record in pieces. */
  append(pieces: readonly Uint8Array[]): Promise<void>;
  /** Takes the newest record back, which nobody was told of. A journal that cannot is only given leaves that are new. */
  retract?(): Promise<void>;
  /** Every entry below `size` is in durable tiles: the journal may forget it. */
  release(size: number): Promise<void>;
  /** When `settled`, nothing in the journal is needed any more. */
  close(settled: boolean): Promise<void>;
}
