import { type Checkpoint, openCheckpoint } from "./checkpoint.js";
import { fault } from "./faults.js";
import { primitives } from "./hash.js";
import { parseVkey } from "./keys.js";
import type { VerifiedSignature, VerifierKey } from "./note.js";
import { consistencyProof, inclusionProof } from "./proofs.js";
import { CHECKPOINT_PATH } from "./publish.js";
import { formatReceipt } from "./receipt.js";
import type { Store } from "./store.js";
import { TILE_WIDTH } from "./tiles.js";
import { TileTree } from "./tree.js";

export interface Entry {
  readonly index: number;
  readonly leaf: Uint8Array;
}

/** A log seen from outside: everything it answers was checked against the checkpoint. */
export interface LogReader {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
  /** The signed note. */
  readonly checkpoint: Uint8Array;
  readonly signatures: readonly VerifiedSignature[];
  entries(from: number, to: number): AsyncIterable<Entry>;
  leafHash(index: number): Promise<Uint8Array>;
  inclusionProof(index: number, size: number): Promise<Uint8Array[]>;
  consistencyProof(from: number, to: number): Promise<Uint8Array[]>;
  rootAt(size: number): Promise<Uint8Array>;
  receipt(index: number): Promise<string>;
}

export interface ReaderOptions {
  readonly store: Store;
  readonly origin: string;
  readonly vkey: string;
  /** Verifier keys of witnesses whose cosignatures are to be checked. */
  readonly witnesses?: readonly string[];
}

export async function openReader(options: ReaderOptions): Promise<LogReader> {
  const { store, origin } = options;
  const keys = await Promise.all([options.vkey, ...(options.witnesses ?? [])].map(parseVkey));
  const note = await store.get(CHECKPOINT_PATH);
  if (!note) throw fault("log-truncated", "the log has no checkpoint", { origin });
  const { checkpoint, signatures } = await trustCheckpoint(note, origin, keys);
  const tree = await TileTree.open(store, checkpoint);
  return {
    origin,
    size: checkpoint.size,
    root: checkpoint.root,
    checkpoint: note,
    signatures,
    entries: (from, to) => readEntries(tree, from, to),
    leafHash: (index) => tree.leafHashAt(index),
    inclusionProof: (index, size) => inclusionProof(tree, index, size),
    consistencyProof: (from, to) => consistencyProof(tree, from, to),
    rootAt: (size) => rootAt(tree, size),
    receipt: async (index) =>
      formatReceipt({ index, proof: await inclusionProof(tree, index, tree.size), checkpoint: note }),
  };
}

/** Opens a checkpoint that must be good: here a bad one is a fault, not an answer. */
export async function trustCheckpoint(
  note: Uint8Array,
  origin: string,
  keys: readonly VerifierKey[],
): Promise<{ checkpoint: Checkpoint; signatures: readonly VerifiedSignature[] }> {
  const opened = await openCheckpoint(note, origin, keys, primitives);
  if (!opened.ok)
    throw fault("log-tampered", `the log's checkpoint is not good: ${opened.reason}`, { origin });
  return opened;
}

async function rootAt(tree: TileTree, size: number): Promise<Uint8Array> {
  if (!Number.isSafeInteger(size) || size < 1 || size > tree.size) {
    throw fault("log-not-found", `the log never had the size ${size}`, { size });
  }
  return tree.rangeHash(0, size);
}

export async function* readEntries(tree: TileTree, from: number, to: number): AsyncIterable<Entry> {
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from < 0 || from > to || to > tree.size) {
    throw fault("log-not-found", `the log has no entries ${from} to ${to}`, { from, to, size: tree.size });
  }
  for (let index = from; index < to; ) {
    const leaves = await tree.bundle(Math.floor(index / TILE_WIDTH));
    for (const leaf of leaves.slice(index % TILE_WIDTH)) {
      if (index >= to) return;
      yield { index: index++, leaf };
    }
  }
}
