import type { Source } from "../../core/source.js";

/** Columnar data files by the magic bytes at both ends, so that a report can name them. */
const TABLES: readonly (readonly [format: string, head: string, tail: string])[] = [
  ["parquet", "PAR1", "PAR1"],
  ["parquet-encrypted", "PARE", "PARE"],
  ["arrow", "ARROW1\0\0", "ARROW1"],
  ["feather", "FEA1", "FEA1"],
  ["avro", "Obj\x01", ""],
];

/** Asked last, when no loader that runs code was found to take the bytes for its own. */
export function tableFormat(source: Source): string | undefined {
  const head = source.read(0, 8).toString("latin1");
  const tail = source.read(source.size - 8, 8).toString("latin1");
  const found = TABLES.find(([, first, last]) => head.startsWith(first) && tail.endsWith(last));
  return found?.[0];
}
