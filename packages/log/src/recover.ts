import { Assignment } from "./assignment.js";
import { encodeUtf8, equalBytes } from "./bytes.js";
import { parseCheckpoint } from "./checkpoint.js";
import type { Core } from "./core.js";
import { fault } from "./faults.js";
import { Frontier } from "./frontier.js";
import { primitives } from "./hash.js";
import { Hashes } from "./hashes.js";
import { loadIndex } from "./index-file.js";
import { formatSignatureLine, openNote, parseNote, type VerifierKey } from "./note.js";
import { CHECKPOINT_PATH } from "./publish.js";
import { trustCheckpoint } from "./reader.js";
import { type CommitRecord, decodeRecord } from "./record.js";
import { Run } from "./run.js";
import { type LogState, openState, STATE_PATH } from "./state.js";
import type { Journal, Store } from "./store.js";
import { Tail } from "./tail.js";
import { TILE_WIDTH, tilePath } from "./tiles.js";
import { TileTree } from "./tree.js";

/**
 * Reads the log back: the tiles, each checked against the checkpoint, then what the journal has beyond them. Nothing is guessed:
 * what does not fit is a fault, except the torn end of the journal, which nobody was told of.
 */
export async function recover(store: Store, journal: Journal, key: VerifierKey): Promise<Core> {
  const bytes = await store.get(STATE_PATH);
  const known = bytes ? await openState(bytes, key) : { size: 0, time: 0 };
  const core = await readPublished(store, key, known);
  for await (const entry of journal.records(core.publishedSize)) {
    const record = decodeRecord(entry);
    if (!record) throw fault("log-tampered", "a record of the log's journal is malformed");
    // A commit is published as a whole, so this one is.
    if (record.first < core.publishedSize) continue;
    await replay(core, record, key);
  }
  if (core.frontier.size < known.size) {
    throw fault(
      "log-truncated",
      `the log ends at ${core.frontier.size} entries, but it had ${known.size}: its newest entries were removed`,
      { size: core.frontier.size, known: known.size },
    );
  }
  return core;
}

async function readPublished(store: Store, key: VerifierKey, known: LogState): Promise<Core> {
  const published = await store.get(CHECKPOINT_PATH);
  const { size, root } = published
    ? (await trustCheckpoint(published, key.name, [key])).checkpoint
    : { size: 0, root: new Frontier().root() };
  const note = published && bareNote(published, key);
  const tree = await TileTree.open(store, { origin: key.name, size, root });
  const frontier = Frontier.of(size, tree.partials());
  const index = await loadIndex(store, tree, known.index);
  const tail = new Tail(Math.floor(size / TILE_WIDTH) * TILE_WIDTH);
  if (size % TILE_WIDTH > 0) {
    const leaves = await tree.bundle(Math.floor(size / TILE_WIDTH));
    tail.push(Run.pack(leaves), Hashes.of(tree.partials()[0] ?? new Uint8Array()));
  }
  return {
    published,
    publishedSize: size,
    tree,
    frontier,
    full: [],
    tail,
    index,
    indexFile: known.index,
    note,
    time: known.time,
    failure: undefined,
  };
}

/** The checkpoint as the log signed it, without the cosignatures behind it. */
function bareNote(published: Uint8Array, key: VerifierKey): Uint8Array | undefined {
  const note = parseNote(published);
  const own =
    "text" in note ? note.signatures.find(({ name, id }) => name === key.name && id === key.id) : undefined;
  return own && "text" in note
    ? encodeUtf8(`${note.text}\n${formatSignatureLine(key, own.signature)}`)
    : undefined;
}

/** As the commit did: also the leaves that were duplicates are in the record. */
async function replay(core: Core, record: CommitRecord, key: VerifierKey): Promise<void> {
  const { frontier } = core;
  if (record.first !== frontier.size) {
    throw fault(
      "log-truncated",
      `the journal goes on at entry ${record.first}, but the log ends at ${frontier.size}`,
    );
  }
  await mustSeal(record.note, frontier, key);
  const fresh = new Assignment(core);
  for (const run of record.runs) await fresh.take(run);
  for (const { run, hashes } of fresh.pieces) {
    frontier.pushAll(hashes);
    core.tail.push(run, hashes);
  }
  core.full.push(...frontier.takeFull());
  core.note = undefined;
  core.time = Math.max(core.time, record.time);
}

async function mustSeal(note: Uint8Array, frontier: Frontier, key: VerifierKey): Promise<void> {
  const opened = await openNote(note, [key], primitives);
  const checkpoint = opened.ok ? parseCheckpoint(opened.note.text) : undefined;
  if (checkpoint?.size === frontier.size && equalBytes(checkpoint.root, frontier.root())) return;
  throw fault("log-tampered", "the journal's entries do not make the checkpoint that was signed over them");
}

/** A log without a checkpoint must be an empty one. */
export async function mustBeNew(store: Store): Promise<void> {
  for (const path of [tilePath("entries", 0), tilePath(0, 0), tilePath("entries", 0, 1), tilePath(0, 0, 1)]) {
    if (await store.get(path)) {
      throw fault(
        "log-truncated",
        `the log has no checkpoint, but it has ${path}: the checkpoint was removed`,
        { path },
      );
    }
  }
}
