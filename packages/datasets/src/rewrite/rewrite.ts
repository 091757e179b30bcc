import { createReadStream, createWriteStream } from "node:fs";
import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { whole } from "../profile/columns.js";
import { ask, openDatabase } from "../profile/database.js";
import { plainName, type TableFile } from "../profile/formats.js";
import { withLinks } from "../profile/read.js";
import { identifier, literal, source } from "../profile/sql.js";
import { columnsOf } from "../profile/table.js";
import type { ProfileLimits } from "../profile/types.js";
import { csvFilter, isAbout, jsonlFilter, MissingColumn, type RowFilter } from "./rows.js";

export interface RewriteTask {
  kind: "rewrite";
  files: TableFile[];
  column: string;
  /** Who is to be found. It goes to the process that searches and nowhere else. */
  reference: string;
  /** An empty directory for files that change; they get the names of `plainName`. */
  output: string;
  limits: ProfileLimits;
}

/** One file after the search; `path` only where rows went. */
export interface Rewritten {
  name: string;
  removed: number;
  rows: number;
  path?: string;
}

/** Writes each file without the rows of one person. Throws if any file cannot be searched whole. */
export async function rewrite(task: RewriteTask): Promise<Rewritten[]> {
  const results: Rewritten[] = [];
  for (const [index, file] of task.files.entries()) {
    const path = join(task.output, plainName(index, file));
    const { removed, rows } = await rewriteFile(task, file, path);
    if (removed === 0) await rm(path, { force: true });
    results.push({ name: file.name, removed, rows, ...(removed === 0 ? {} : { path }) });
  }
  return results;
}

type Counted = { removed: number; rows: number };

async function rewriteFile(task: RewriteTask, file: TableFile, to: string): Promise<Counted> {
  const { column, reference } = task;
  if (file.format === "parquet") return rewriteParquet(task, file, to);
  if (file.packed === "zst") throw new Error("it is packed with zstd: admit it unpacked, or with gzip");
  if (file.format === "json") return rewriteJson(file, to, column, reference);
  const filter = file.format === "jsonl" ? jsonlFilter(column, reference) : csvFilter(column, reference);
  return stream(file, to, filter);
}

async function stream(file: TableFile, to: string, filter: RowFilter): Promise<Counted> {
  const steps: (Readable | Writable | ((data: AsyncIterable<Buffer>) => AsyncIterable<Buffer>))[] = [
    createReadStream(file.path),
    ...(file.packed === "gz" ? [createGunzip()] : []),
    async function* (data: AsyncIterable<Buffer>) {
      for await (const chunk of data) yield* filter.push(chunk);
      yield* filter.end();
    },
    ...(file.packed === "gz" ? [createGzip()] : []),
    createWriteStream(to, { flags: "wx", mode: 0o600 }),
  ];
  await pipeline(steps as unknown as [Readable, Writable]);
  return { removed: filter.removed, rows: filter.rows };
}

const MAX_JSON = 256 * 1024 * 1024;

/** A JSON array of records is one value, so it is read whole. */
async function rewriteJson(file: TableFile, to: string, column: string, reference: string): Promise<Counted> {
  if (file.packed !== "" || (await stat(file.path)).size > MAX_JSON) {
    throw new Error("a JSON array is searched unpacked and up to 256 MB: admit it as JSON lines");
  }
  const value: unknown = JSON.parse(await readFile(file.path, "utf8"));
  if (!Array.isArray(value)) throw new MissingColumn(column);
  const kept = value.filter((item) => !isAbout(item, column, reference));
  const removed = value.length - kept.length;
  if (removed > 0) await writeFile(to, JSON.stringify(kept), { flag: "wx", mode: 0o600 });
  return { removed, rows: value.length };
}

async function rewriteParquet(task: RewriteTask, file: TableFile, to: string): Promise<Counted> {
  return withLinks([file], async (directory, [linked]) => {
    const written = join(directory, "out.parquet");
    const link = linked?.link ?? "";
    const connection = await openDatabase({ ...task.limits, paths: [link, written] });
    const from = source("parquet", [link], "typed");
    const columns = await columnsOf(connection, from);
    if (!columns.some(({ name }) => name === task.column)) throw new MissingColumn(task.column);
    const is = `${identifier(task.column)}::VARCHAR = ${literal(task.reference)}`;
    const [counts] = await ask(
      connection,
      `select count(*) as rows, count(*) filter (where ${is}) as gone from ${from}`,
    );
    const [rows, removed] = [whole(counts?.rows), whole(counts?.gone)];
    if (removed > 0) {
      const stay = `select * from ${from} where (${is}) is not true`;
      await connection.run(`copy (${stay}) to ${literal(written)} (format parquet, compression zstd)`);
      await pipeline(createReadStream(written), createWriteStream(to, { flags: "wx", mode: 0o600 }));
    }
    connection.closeSync();
    return { rows, removed };
  });
}
