/** Tables that are read, by what their names end with; the same names with .gz or .zst are read unpacked. */
export type DataFormat = "csv" | "tsv" | "json" | "jsonl" | "parquet";

export interface TableFile {
  /** Relative to the dataset, with `/`. */
  name: string;
  /** Where it lies. */
  path: string;
  format: DataFormat;
  packed: "" | "gz" | "zst";
}

const ENDINGS: Record<string, DataFormat> = {
  csv: "csv",
  tsv: "tsv",
  tab: "tsv",
  json: "json",
  jsonl: "jsonl",
  ndjson: "jsonl",
  parquet: "parquet",
  pq: "parquet",
};

const NAME = /\.([a-z]{2,7})(?:\.(gz|zst))?$/i;

/** What kind of table a file's name promises; undefined for everything else. Content decides when it is read. */
export function formatOf(name: string): Pick<TableFile, "format" | "packed"> | undefined {
  const [, ending = "", packed = ""] = NAME.exec(name) ?? [];
  const format = Object.hasOwn(ENDINGS, ending.toLowerCase()) ? ENDINGS[ending.toLowerCase()] : undefined;
  if (format === undefined || (format === "parquet" && packed !== "")) return undefined;
  return { format, packed: packed.toLowerCase() as TableFile["packed"] };
}

/** A name for a link to the file: nothing that its author chose is in it but a known ending. */
export function plainName(index: number, { format, packed }: Pick<TableFile, "format" | "packed">): string {
  return `${index}.${format}${packed === "" ? "" : `.${packed}`}`;
}
