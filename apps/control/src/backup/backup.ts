import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileStore, openLog } from "@countersign/log";
import { Keyring, layoutOf, readPin } from "@countersign/workspace";
import { BACKUP_LOCK } from "../mlflow/artifacts/store.js";
import { copyArtifacts } from "./artifacts.js";
import { checkDirectory } from "./check.js";
import { withDatabase } from "./connect.js";
import { buildAside, copyParts, copyTree } from "./copy.js";
import { checkRows } from "./load.js";
import { dumpRows, ROWS, type RowsIndex } from "./rows.js";

export const BACKUP_FILE = "BACKUP.json";

/** What a backup leaves out: it is made anew, or it must not come back. */
const NOT_KEPT = [
  "sessions",
  "API tokens",
  "jobs",
  "events",
  "idempotency keys",
  "unfinished uploads",
  "kept copies of datasets",
];
const NO_ROWS = "rows of the database (there is none here; name a server's with --database-url)";

export interface BackupInput {
  directory: string;
  to: string;
  /** With private keys, the backup can be gone on with; guard it as you guard them. */
  keys: boolean;
  /** The DATABASE_URL of its server, if it has one; else the embedded database is read, whether it runs or not. */
  databaseUrl?: string;
  /** Where PostgreSQL's programs stand, if not packaged. */
  postgresBinaries?: string;
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
  /** Rows by table: experiments, runs, metrics, registered models and the like. */
  rows: Record<string, number>;
  artifacts: number;
  notKept: string[];
}

/** Copies a data directory, also one that a server is working on, and reads the copy through before it counts. */
export function backup(input: BackupInput): Promise<BackupReport> {
  const { keys, clock } = input;
  const directory = resolve(input.directory);
  return buildAside(resolve(input.to), async (draft) => {
    // Rows before the log: what they refer to has been logged by then.
    const index = await copyRows(directory, draft, input);
    await copyParts({ from: directory, to: draft, keys });
    await settleLog(draft, directory, clock);
    const { pin, reader, vkey } = await checkDirectory(draft);
    const report: BackupReport = {
      format: 1,
      at: clock(),
      origin: pin.origin,
      vkey,
      size: reader.size,
      root: Buffer.from(reader.root).toString("base64"),
      keys,
      rows: Object.fromEntries((index?.tables ?? []).map(({ name, rows }) => [name, rows])),
      artifacts: index?.tables.find(({ name }) => name === "artifacts")?.rows ?? 0,
      notKept: index ? NOT_KEPT : [...NOT_KEPT, NO_ROWS],
    };
    await writeFile(join(draft, BACKUP_FILE), `${JSON.stringify(report, null, 2)}\n`, { flush: true });
    return report;
  });
}

/** A restored directory that was never started still has its rows as files. */
async function copyRows(
  directory: string,
  draft: string,
  input: BackupInput,
): Promise<RowsIndex | undefined> {
  await mkdir(draft, { recursive: true, mode: 0o700 });
  const { databaseUrl = "", postgresBinaries = "", clock } = input;
  if (await checkRows(directory)) {
    await copyTree(join(directory, ROWS), join(draft, ROWS), () => true);
    await copyArtifacts(directory, draft);
  } else {
    const options = { directory, databaseUrl, binaries: postgresBinaries };
    await withDatabase(options, async (client) => {
      await client.query("select pg_advisory_lock($1)", [BACKUP_LOCK]);
      await dumpRows(client, join(draft, ROWS), clock());
      await copyArtifacts(directory, draft);
    });
  }
  return checkRows(draft);
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
