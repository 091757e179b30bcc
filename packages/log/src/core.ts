import type { Frontier, Tile } from "./frontier.js";
import type { IndexFile } from "./index-file.js";
import type { LeafIndex } from "./leaf-index.js";
import type { Tail } from "./tail.js";
import type { TileTree } from "./tree.js";

/** What an open log knows; committing moves the newest end on, publishing follows. */
export interface Core {
  /** The tree of all that is durable. */
  frontier: Frontier;
  /** The signed checkpoint of the frontier, unless it is still to be signed. */
  note: Uint8Array | undefined;
  /** When the newest commit was made. */
  time: number;
  readonly index: LeafIndex;
  /** The newest copy of the index in the store. */
  indexFile: IndexFile | undefined;
  readonly tail: Tail;
  /** Full tiles that are not published yet. */
  readonly full: Tile[];
  /** The checkpoint in the store, perhaps cosigned; undefined in a new log. */
  published: Uint8Array | undefined;
  publishedSize: number;
  /** The tree of what is published. */
  tree: TileTree;
  /** Why the log takes nothing any more: it must be opened again. */
  failure: unknown;
}
