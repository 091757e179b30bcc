import { createHash } from "node:crypto";
import { bitsOf, combine, sipHash, spread } from "./hash.js";

/** How pandas holds a column. Others than these are left out of the digest. */
export type ColumnType = "string" | Parameters<typeof bitsOf>[1];

/** A column of a frame: its values in the first rows, as text, numbers or null for a missing one. */
export interface FrameColumn {
  name: string;
  /** Undefined: a column that does not count, such as dates; its name does. */
  type: ColumnType | undefined;
  values: readonly (string | number | bigint | null)[];
}

export interface Frame {
  columns: readonly FrameColumn[];
  /** All of them, not only those that are hashed. */
  rows: number;
}

/** As many rows as MLflow looks at. */
export const DIGEST_ROWS = 10_000;
const MAX_CELLS = 2_000_000;

/**
 * The digest that `mlflow.data.from_pandas` gives to a frame with a plain index (mlflow/data/digest_utils.py). Undefined
 * where the frame is too wide to be worth it.
 */
export function frameDigest({ columns, rows }: Frame): string | undefined {
  const hashed = Math.min(rows, DIGEST_ROWS);
  const texts = columns.filter(
    (column) => column.type === "string" && column.values.every((value) => value !== null),
  );
  const numbers = columns.filter(({ type }) => type !== undefined && type !== "string");
  if (rows === 0 || (texts.length + numbers.length) * hashed > MAX_CELLS) return undefined;
  const chosen = union(texts, numbers).map(hashColumn);
  const index = Array.from({ length: hashed }, (_, at) => spread(BigInt(at)));
  const md5 = createHash("md5");
  md5.update(wordsOf(combine([...chosen, index], hashed)));
  md5.update(wordsOf([BigInt(rows)]));
  for (const { name } of columns) md5.update(name);
  return md5.digest("hex").slice(0, 8);
}

/** pandas sorts the union of two indexes, unless one of them is empty. */
function union(one: FrameColumn[], other: FrameColumn[]): FrameColumn[] {
  if (one.length === 0) return other;
  if (other.length === 0) return one;
  return [...one, ...other].sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
}

function hashColumn({ type, values }: FrameColumn): bigint[] {
  if (type !== "string") {
    return values.map((value) =>
      spread(bitsOf(value === null ? Number.NaN : (value as number | bigint), type ?? "float64")),
    );
  }
  const known = new Map<string, bigint>();
  return values.map((value) => {
    const text = String(value);
    const hash = known.get(text) ?? spread(sipHash(text));
    known.set(text, hash);
    return hash;
  });
}

function wordsOf(values: readonly bigint[]): Buffer {
  const bytes = Buffer.alloc(values.length * 8);
  for (const [at, value] of values.entries()) bytes.writeBigUInt64LE(value, at * 8);
  return bytes;
}
