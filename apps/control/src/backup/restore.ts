import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { CountersignError, parseJson } from "@countersign/evidence";
import {
  fileStore,
  type LogReader,
  openLog,
  openNote,
  parseCheckpoint,
  parseVkey,
  primitives,
} from "@countersign/log";
import { Keyring, layoutOf, type Pin } from "@countersign/workspace";
import { copyArtifacts } from "./artifacts.js";
import { BACKUP_FILE } from "./backup.js";
import { type Checked, checkDirectory } from "./check.js";
import { buildAside, copyParts, copyTree } from "./copy.js";
import { checkRows } from "./load.js";
import { ROWS } from "./rows.js";

export interface RestoreInput {
  from: string;
  directory: string;
  /** The newest checkpoint that anybody saw: the witness's, or one that a client kept. */
  known?: Uint8Array;
  /** Begin a new log when the backup ends before `known`: going on with the old one would fork it. */
  newOrigin?: boolean;
  clock: () => number;
}

export interface RestoreReport {
  origin: string;
  size: number;
  /** The origin before, when a new log was begun. */
  replaced: string | null;
}

/** Brings a backup back into a directory that is not there yet, after reading all of it. */
export function restore(input: RestoreInput): Promise<RestoreReport> {
  const { clock, known, newOrigin = false } = input;
  return buildAside(resolve(input.directory), async (draft) => {
    await requireBackup(resolve(input.from));
    await copyParts({ from: resolve(input.from), to: draft, keys: true });
    const checked = await checkDirectory(draft);
    await bringRows(resolve(input.from), draft);
    const behind = known !== undefined && (await endsBefore(checked, known));
    const { pin, reader } = checked;
    if (!behind) return { origin: pin.origin, size: reader.size, replaced: null };
    if (!newOrigin) {
      throw new CountersignError(
        "restore-behind",
        `the backup ends at entry ${reader.size}, and the log had gone on: use a newer backup, or begin a new log origin`,
      );
    }
    const origin = await beginNewLog(draft, checked, clock);
    return { origin, size: reader.size, replaced: pin.origin };
  });
}

/** Rows wait as files until the first start; artifacts are files anyway. */
async function bringRows(from: string, draft: string): Promise<void> {
  if (!(await checkRows(from))) return;
  await copyTree(join(from, ROWS), join(draft, ROWS), () => true);
  await checkRows(draft);
  await copyArtifacts(from, draft);
}

async function requireBackup(from: string): Promise<void> {
  const text = await readFile(join(from, BACKUP_FILE)).catch(() => undefined);
  const format = text && (parseJson(text) as { format?: unknown }).format;
  if (format === 1) return;
  throw new CountersignError("format-unsupported", `${from} is no backup that this build reads`);
}

/** Also refuses a checkpoint that shows another history: that is no old backup but a forked log. */
async function endsBefore({ pin, reader, vkey }: Checked, known: Uint8Array): Promise<boolean> {
  const opened = await openNote(known, [await parseVkey(vkey)], primitives);
  const checkpoint = opened.ok ? parseCheckpoint(opened.note.text) : undefined;
  if (checkpoint?.origin !== pin.origin) {
    throw new CountersignError("note-malformed", "the known checkpoint is not one that this log signed");
  }
  if (checkpoint.size > reader.size) return true;
  if (checkpoint.size > 0 && !(await sameRoot(reader, checkpoint.size, checkpoint.root))) {
    throw new CountersignError(
      "log-forked",
      `the backup and the known checkpoint differ at size ${checkpoint.size}`,
    );
  }
  return false;
}

async function sameRoot(reader: LogReader, size: number, root: Uint8Array): Promise<boolean> {
  return Buffer.from(await reader.rootAt(size)).equals(Buffer.from(root));
}

const BATCH = 1_024;

/** The same entries under another origin. Old receipts still verify against the old one, whose last checkpoint stands. */
async function beginNewLog(
  directory: string,
  { pin, reader }: Checked,
  clock: () => number,
): Promise<string> {
  const layout = layoutOf(directory);
  const origin = `${pin.origin}/restored-${clock()}`;
  const signer = await new Keyring(layout.keys, layout.keyUses, clock, () => undefined).signer("log");
  const fresh = `${layout.log}.new`;
  const log = await openLog({ store: fileStore(fresh), origin, signer, clock });
  try {
    let batch: Uint8Array[] = [];
    for await (const { leaf } of reader.entries(0, reader.size)) {
      batch.push(leaf);
      if (batch.length === BATCH) await log.append(batch.splice(0));
    }
    await log.append(batch);
    batch = [];
    await log.checkpoint();
  } finally {
    await log.close();
  }
  await rm(layout.log, { recursive: true });
  await rename(fresh, layout.log);
  const moved: Pin = { ...pin, origin };
  await writeFile(layout.pin, `${JSON.stringify(moved, null, 2)}\n`, { mode: 0o600, flush: true });
  return origin;
}
