import type { DuckDBConnection } from "@duckdb/node-api";
import { aggregates, type Column, hasGroups, readColumn, shortName, whole, withTop } from "./columns.js";
import { ask, whatFailed } from "./database.js";
import type { DataFormat } from "./formats.js";
import { identifier, type Leniency, leniencies, source } from "./sql.js";
import type { ColumnProfile, Privacy, ProfileLimits, TableProfile } from "./types.js";

export interface Table {
  name: string;
  format: DataFormat;
  /** Links with names of ours. */
  paths: string[];
}

export interface Reader {
  connection: DuckDBConnection;
  directory: string;
  limits: Pick<ProfileLimits, "columns">;
  privacy: Privacy;
}

const AT_ONCE = 40;

const SAYS: Record<Leniency, string> = {
  typed: "",
  text: "Its columns change type along the file, so all of it was read as text.",
  lenient: "Some of its lines are no rows of the table and were passed over.",
};

/** Profiles one table, as exactly as its text allows. What cannot be read becomes a problem. */
export async function profileTable(reader: Reader, table: Table): Promise<TableProfile> {
  const { name, format, paths } = table;
  let problem = "";
  for (const leniency of leniencies(format)) {
    try {
      const read = await readTable(reader, source(format, paths, leniency));
      const problems = [...(SAYS[leniency] === "" ? [] : [SAYS[leniency]]), ...read.problems];
      return { name, format, files: paths.length, rows: read.rows, columns: read.columns, problems };
    } catch (error) {
      problem ||= whatFailed(error, reader.directory);
    }
  }
  return {
    name,
    format,
    files: paths.length,
    rows: 0,
    columns: [],
    problems: [`It cannot be read: ${problem}`],
  };
}

async function readTable(
  reader: Reader,
  from: string,
): Promise<{ rows: number; columns: ColumnProfile[]; problems: string[] }> {
  const { connection, limits } = reader;
  const all = await columnsOf(connection, from);
  const wanted = all.slice(0, limits.columns);
  const columns: ColumnProfile[] = [];
  let rows = 0;
  // Each part is one pass over the data, which also counts its rows.
  for (let at = 0; at < wanted.length; at += AT_ONCE) {
    const part = await profileColumns(reader, from, wanted.slice(at, at + AT_ONCE));
    rows = part.rows;
    columns.push(...part.columns);
  }
  const more = all.length - wanted.length;
  return { rows, columns, problems: more > 0 ? [`${more} more columns were not profiled.`] : [] };
}

export async function columnsOf(connection: DuckDBConnection, from: string): Promise<Column[]> {
  const described = await ask(connection, `describe select * from ${from}`);
  return described.map((row) => ({ name: String(row.column_name), type: String(row.column_type) }));
}

async function profileColumns(
  reader: Reader,
  from: string,
  columns: Column[],
): Promise<{ rows: number; columns: ColumnProfile[] }> {
  const { connection, privacy } = reader;
  const fields = columns.flatMap((column, at) => aggregates(column, at));
  const [row = {}] = await ask(connection, `select count(*) as n, ${fields.join(", ")} from ${from}`);
  const rows = whole(row.n);
  const profiles = columns.map((column, at) => readColumn(column, listed(row), at, rows, privacy));
  const grouped = columns.flatMap((column, at) =>
    hasGroups(column, profiles[at] as ColumnProfile) ? [at] : [],
  );
  for (const at of grouped) {
    const column = columns[at];
    const profile = profiles[at];
    if (column && profile) profiles[at] = withTop(profile, await topOf(connection, from, column));
  }
  return { rows, columns: profiles };
}

async function topOf(
  connection: DuckDBConnection,
  from: string,
  { name }: Column,
): Promise<{ value: string; count: number }[]> {
  const column = identifier(name);
  const rows = await ask(
    connection,
    `select left(${column}::VARCHAR, 200) as value, count(*) as count from ${from} where ${column} is not null group by 1 order by 2 desc, 1 limit 10`,
  );
  return rows.map(({ value, count }) => ({ value: shortName(String(value)), count: whole(count) }));
}

/** Lists come as objects of their own: their items are what is wanted. */
function listed(row: Record<string, unknown>): Record<string, unknown> {
  const plain = (value: unknown): unknown => {
    const items = (value as { items?: unknown } | null)?.items;
    return Array.isArray(items) ? items : value;
  };
  return Object.fromEntries(Object.entries(row).map(([key, value]) => [key, plain(value)]));
}
