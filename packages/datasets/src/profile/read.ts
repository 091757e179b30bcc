import { mkdtemp, rm, stat, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { csvDigests, parquetDigests } from "../mlflow/frame.js";
import { openDatabase, whatFailed } from "./database.js";
import { plainName, type TableFile } from "./formats.js";
import { leniencies, source } from "./sql.js";
import { columnsOf, profileTable, type Reader, type Table } from "./table.js";
import type { Privacy, Profile, ProfileLimits } from "./types.js";

export interface ProfileTask {
  kind: "profile";
  files: TableFile[];
  others: number;
  limits: ProfileLimits;
  privacy: Privacy;
}

/** Profiles tables in this process; `runTask` does it in another one. */
export async function readProfile({ files, others, limits, privacy }: ProfileTask): Promise<Profile> {
  return withLinks(files, async (directory, linked) => {
    const connection = await openDatabase({ ...limits, paths: linked.map(({ link }) => link) });
    const reader: Reader = { connection, directory, limits, privacy };
    const found = await tablesOf(reader, linked);
    const tables = found.slice(0, limits.tables);
    const problems: string[] = [];
    if (found.length > tables.length)
      problems.push(`${found.length - tables.length} more tables were not profiled.`);
    const profiles = [];
    for (const table of tables) profiles.push(await profileTable(reader, table));
    const mlflowDigests = await digestsOf(connection, linked);
    connection.closeSync();
    const rows = profiles.reduce((sum, table) => sum + table.rows, 0);
    return { rows, tables: profiles, others, problems, mlflowDigests };
  });
}

export interface Linked extends TableFile {
  link: string;
}

/** Telling it takes a pass of its own over the data, and people who train on more than this rarely do so from one frame. */
const MAX_DIGESTED = 512 * 1024 * 1024;

/** A convenience: whatever keeps it from being told is no problem of the data. */
async function digestsOf(connection: DuckDBConnection, files: readonly Linked[]): Promise<string[]> {
  const [only, ...others] = files;
  if (only === undefined || others.length > 0) return [];
  const size = await stat(only.path).then(
    (info) => info.size,
    () => 0,
  );
  if (size > MAX_DIGESTED) return [];
  const digests = only.format === "parquet" ? parquetDigests : only.format === "csv" ? csvDigests : undefined;
  return (await digests?.(connection, only.link).catch(() => [])) ?? [];
}

/** Gives the files names without quotes, globs or partitions in them, in a directory that holds nothing else. */
export async function withLinks<T>(
  files: readonly TableFile[],
  work: (directory: string, linked: Linked[]) => Promise<T>,
): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), "countersign-tables-"));
  try {
    const linked = files.map((file, index) => ({ ...file, link: join(directory, plainName(index, file)) }));
    for (const { path, link } of linked) await symlink(path, link);
    return await work(directory, linked);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

const LOOKED_AT = 200;

/** Files of one directory with one format and the same columns are one table. */
async function tablesOf(reader: Reader, files: readonly Linked[]): Promise<Table[]> {
  const tables = new Map<string, Table>();
  for (const [index, file] of files.entries()) {
    const place = `${dirname(file.name)} ${file.format}`;
    // Past so many files, those beside each other are taken for parts of one table.
    const shape = index < LOOKED_AT ? await shapeOf(reader, file) : "rest";
    const table = tables.get(`${place} ${shape}`);
    if (table === undefined) {
      tables.set(`${place} ${shape}`, { name: file.name, format: file.format, paths: [file.link] });
    } else {
      table.name = dirname(file.name) === "." ? `*.${file.format}` : `${dirname(file.name)}/*.${file.format}`;
      table.paths.push(file.link);
    }
  }
  return [...tables.values()];
}

async function shapeOf({ connection, directory }: Reader, { link, format }: Linked): Promise<string> {
  try {
    const columns = await columnsOf(connection, source(format, [link], leniencies(format)[0] ?? "typed"));
    return JSON.stringify(columns.map(({ name }) => name));
  } catch (error) {
    // A broken file is a table of its own, so that it hides no other.
    return `${link} ${whatFailed(error, directory)}`;
  }
}
