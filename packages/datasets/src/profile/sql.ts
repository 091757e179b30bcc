import type { DataFormat } from "./formats.js";

/** A string literal. Nothing else leads from a name in a file into SQL. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A quoted identifier. DuckDB cannot hold NUL in a name. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""').replaceAll("\0", "")}"`;

/** How strictly text is read: types guessed, everything as text, or whatever can be read at all. */
export type Leniency = "typed" | "text" | "lenient";

const CSV: Record<Leniency, string> = {
  typed: "",
  text: ", all_varchar = true",
  lenient: ", all_varchar = true, ignore_errors = true, null_padding = true, strict_mode = false",
};
const JSONS: Record<Leniency, string> = { typed: "", text: "", lenient: ", ignore_errors = true" };

/** The table function that reads these files as one table. Their names are ours (`plainName`), so no glob is in them. */
export function source(format: DataFormat, paths: readonly string[], leniency: Leniency): string {
  const list = `[${paths.map(literal).join(", ")}]`;
  const one = "union_by_name = true, hive_partitioning = false";
  if (format === "parquet") return `read_parquet(${list}, ${one})`;
  if (format === "csv") return `read_csv(${list}, ${one}${CSV[leniency]})`;
  if (format === "tsv") return `read_csv(${list}, ${one}, delim = '\\t'${CSV[leniency]})`;
  const lines = format === "jsonl" || leniency === "lenient" ? "newline_delimited" : "auto";
  return `read_json(${list}, ${one}, format = '${lines}', maximum_object_size = 33554432${JSONS[leniency]})`;
}

/** What may be tried, most exact first. */
export function leniencies(format: DataFormat): readonly Leniency[] {
  if (format === "parquet") return ["typed"];
  return format === "json"
    ? ["typed"]
    : format === "jsonl"
      ? ["typed", "lenient"]
      : ["typed", "text", "lenient"];
}
