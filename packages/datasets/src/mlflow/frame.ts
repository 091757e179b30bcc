import type { DuckDBConnection } from "@duckdb/node-api";
import { whole } from "../profile/columns.js";
import { ask } from "../profile/database.js";
import { identifier, literal, source } from "../profile/sql.js";
import { columnsOf } from "../profile/table.js";
import { type ColumnType, DIGEST_ROWS, type FrameColumn, frameDigest } from "./digest.js";

const PARQUET: Record<string, ColumnType> = {
  TINYINT: "int8",
  UTINYINT: "int8",
  SMALLINT: "int16",
  USMALLINT: "int16",
  INTEGER: "int32",
  UINTEGER: "int32",
  BIGINT: "int64",
  UBIGINT: "int64",
  FLOAT: "float32",
  DOUBLE: "float64",
  VARCHAR: "string",
};
/** Types that pandas holds as objects or times, which the digest leaves out. */
const LEFT_OUT = /^(BOOLEAN|DATE|TIME|TIMESTAMP.*|DECIMAL.*|BLOB|STRUCT.*|MAP.*|.*\[\d*\])$/;
const MAX_COLUMNS = 200;
/** Columns that one question asks about: each costs the planner memory. */
const AT_ONCE = 20;

/** The digest that a client gives to `pandas.read_parquet(file)`; none where that cannot be told. */
export async function parquetDigests(connection: DuckDBConnection, link: string): Promise<string[]> {
  const from = source("parquet", [link], "typed");
  const columns = await columnsOf(connection, from);
  const known = columns.every(({ type }) => PARQUET[type] !== undefined || LEFT_OUT.test(type));
  if (!known || columns.length > MAX_COLUMNS || (await isSpecial(connection, link))) return [];
  const nulls = columns.map(({ name }, at) => `count(*) - count(${identifier(name)}) as n${at}`);
  const [counts = {}] = await ask(connection, `select count(*) as rows, ${nulls.join(", ")} from ${from}`);
  const first = await ask(connection, `select * from ${from} limit ${DIGEST_ROWS}`);
  const frame = columns.map(({ name, type }, at): FrameColumn => {
    const held = PARQUET[type];
    // A column of integers with a missing value becomes one of floats.
    const widened = held?.startsWith("int") && whole(counts[`n${at}`]) > 0 ? "float64" : held;
    return { name, type: widened, values: first.map((row) => plain(row[name])) };
  });
  const digest = frameDigest({ columns: frame, rows: whole(counts.rows) });
  return digest === undefined ? [] : [digest];
}

const plain = (value: unknown): string | number | bigint | null =>
  typeof value === "string" || typeof value === "number" || typeof value === "bigint" ? value : null;

/** pandas writes down an index that is not just the row's number, and types of its own, and reads both back. */
async function isSpecial(connection: DuckDBConnection, link: string): Promise<boolean> {
  const rows = await ask(
    connection,
    `select decode(value) as value from parquet_kv_metadata(${literal(link)}) where decode(key) = 'pandas'`,
  );
  for (const { value } of rows) {
    const { index_columns: index, columns } = JSON.parse(String(value)) as Record<string, unknown>;
    const types = Array.isArray(columns) ? columns.map((column) => String(column?.numpy_type)) : [];
    if (types.some((type) => /^([A-Z]|boolean|string|category|timedelta)/.test(type))) return true;
    const [only, ...others] = Array.isArray(index) ? index : [];
    const range = (only ?? {}) as { kind?: unknown; start?: unknown; step?: unknown };
    if (
      others.length > 0 ||
      (only !== undefined && (range.kind !== "range" || range.start !== 0 || range.step !== 1))
    )
      return true;
  }
  return false;
}

/** What `pandas.read_csv` takes for a missing value. */
const MISSING = new Set(
  "|#N/A|#N/A N/A|#NA|-1.#IND|-1.#QNAN|-NaN|-nan|1.#IND|1.#QNAN|<NA>|N/A|NA|NULL|NaN|None|n/a|nan|null".split(
    "|",
  ),
);
const INTEGER = "[+-]?[0-9]{1,18}";
const FLOAT = "[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?";
const BOOL = "True|TRUE|true|False|FALSE|false";

/** The digests that clients give to `pandas.read_csv(file)` with its default settings: before pandas 3, and since. */
export async function csvDigests(connection: DuckDBConnection, link: string): Promise<string[]> {
  const options = `all_varchar = true, header = true, delim = ',', quote = '"', escape = '"', nullstr = ''`;
  const from = `read_csv(${literal(link)}, ${options})`;
  const columns = await columnsOf(connection, from);
  if (columns.length > MAX_COLUMNS) return [];
  const counts: Record<string, unknown> = {};
  for (let at = 0; at < columns.length; at += AT_ONCE) {
    const part = columns.slice(at, at + AT_ONCE).flatMap(({ name }, beside) => kindsOf(name, at + beside));
    Object.assign(
      counts,
      (await ask(connection, `select count(*) as rows, ${part.join(", ")} from ${from}`))[0],
    );
  }
  const rows = whole(counts.rows);
  const first = await ask(connection, `select * from ${from} limit ${DIGEST_ROWS}`);
  const digests = [Number, olderNumber].map((parse) => {
    const frame = columns.map(({ name }, at): FrameColumn => {
      const type = csvType(counts, at, rows);
      const texts = first.map((row) => textOf(row[name]));
      return { name, type, values: texts.map((text) => cellOf(text, type, parse)) };
    });
    return frameDigest({ columns: frame, rows }) ?? [];
  });
  return [...new Set(digests.flat())];
}

const textOf = (value: unknown): string | null =>
  value === null || MISSING.has(String(value)) ? null : String(value);

/** Asks whether every value of a column that is there reads as an integer, a number or a truth value. */
function kindsOf(name: string, at: number): string[] {
  const column = identifier(name);
  const missing = [...MISSING].map(literal).join(", ");
  const value = `filter (where ${column} is not null and ${column} not in (${missing}))`;
  const all = (pattern: string, as: string): string =>
    `coalesce(bool_and(regexp_full_match(${column}, ${literal(pattern)})) ${value}, true) as ${as}${at}`;
  return [all(INTEGER, "i"), all(FLOAT, "f"), all(BOOL, "b"), `count(${column}) ${value} as n${at}`];
}

function csvType(counts: Record<string, unknown>, at: number, rows: number): ColumnType | undefined {
  const present = whole(counts[`n${at}`]);
  if (counts[`i${at}`] === true && present === rows) return "int64";
  if (counts[`f${at}`] === true) return "float64";
  return counts[`b${at}`] === true ? undefined : "string";
}

function cellOf(
  text: string | null,
  type: ColumnType | undefined,
  parse: (text: string) => number,
): string | number | bigint | null {
  if (text === null || type === "string" || type === undefined) return text;
  return type === "int64" ? BigInt(text.replace(/^\+/, "")) : parse(text);
}

const MAX_DIGITS = 17;
const power = (exponent: number): number => Number(`1e${exponent}`);

/** How pandas before 3 reads a number in a CSV file: quickly, and at times one unit off in the last place. */
export function olderNumber(text: string): number {
  const [, sign = "", before = "", after = "", scale = "0"] =
    /^([+-]?)([0-9]*)\.?([0-9]*)(?:[eE]([+-]?[0-9]+))?$/.exec(text) ?? [];
  const digits = (before + after).slice(0, MAX_DIGITS);
  let number = 0;
  for (const digit of digits) number = number * 10 + Number(digit);
  const exponent = Number(scale) + before.length - digits.length;
  if (sign === "-") number = -number;
  if (exponent > 308) return number * Number.POSITIVE_INFINITY;
  if (exponent >= 0) return number * power(exponent);
  return exponent < -308 ? number / power(-308 - exponent) / power(308) : number / power(-exponent);
}
