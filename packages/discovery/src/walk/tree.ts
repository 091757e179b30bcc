import type { Note } from "../finding.js";

/** A file of a tree, wherever the tree is: on disk, or in a layer of an image. */
export interface TreeFile {
  /** Relative to the tree, with `/`. */
  readonly path: string;
  readonly size: number;
  /** At most `limit` bytes from the start. */
  read(limit: number): Buffer | undefined;
  /** False for what Git does not track: only model files count there. */
  readonly tracked: boolean;
}

export interface Tree {
  readonly files: readonly TreeFile[];
  readonly notes: Note[];
}

export interface Limits {
  readonly files: number;
  readonly depth: number;
  /** Of one source or configuration file. */
  readonly text: number;
  readonly notebook: number;
  /** Bytes of all files read as text. */
  readonly total: number;
  /** Members of one archive. */
  readonly members: number;
  /** Bytes of one layer, unpacked. */
  readonly layer: number;
}

export const LIMITS: Limits = {
  files: 300_000,
  depth: 60,
  text: 1_500_000,
  notebook: 24_000_000,
  total: 1_500_000_000,
  members: 500_000,
  layer: 64 * 2 ** 30,
};
