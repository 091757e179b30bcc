import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileStore, openLog } from "@countersign/log";
import { Keyring, layoutOf, readPin } from "@countersign/workspace";
import { checkDirectory } from "./check.js";
import { buildAside, copyParts } from "./copy.js";

export const BACKUP_FILE = "BACKUP.json";

/** What a backup leaves out: it is made anew, or it must not come back. */
const NOT_KEPT = [
  "sessions",
  "API tokens",
  "jobs",
  "events",
  "idempotency keys",
  "unfinished uploads",
  "database",
];

export interface BackupInput {
  directory: string;
  to: string;
  /** With private keys, the backup can be gone on with; guard it as you guard them. */
  keys: boolean;
  clock: () => number;
}

export interface BackupReport {
  format: 1;
  at: number;
  origin: string;
  vkey: string;
  /** Of the checkpoint that the copy was checked against. */
  size: number;
  root: string;
  keys: boolean;
  notKept: string[];
}

/** Copies a data directory, also one that a server is working on, and reads the copy through before it counts. */
export function backup({ directory, to, keys, clock }: BackupInput): Promise<BackupReport> {
  return buildAside(resolve(to), async (draft) => {
    await copyParts({ from: resolve(directory), to: draft, keys });
    await settleLog(draft, resolve(directory), clock);
    const { pin, reader, vkey } = await checkDirectory(draft);
    const report: BackupReport = {
      format: 1,
      at: clock(),
      origin: pin.origin,
      vkey,
      size: reader.size,
      root: Buffer.from(reader.root).toString("base64"),
      keys,
      notKept: NOT_KEPT,
    };
    await writeFile(join(draft, BACKUP_FILE), `${JSON.stringify(report, null, 2)}\n`, { flush: true });
    return report;
  });
}

/** What the log had acknowledged and not yet published moves from the copied journal into the copied tiles. */
async function settleLog(draft: string, directory: string, clock: () => number): Promise<void> {
  const { origin } = await readPin(draft);
  const { keys, keyUses } = layoutOf(directory);
  const signer = await new Keyring(keys, keyUses, clock, () => undefined).signer("log");
  const log = await openLog({ store: fileStore(layoutOf(draft).log), origin, signer, clock });
  try {
    await log.checkpoint();
  } finally {
    await log.close();
  }
}
