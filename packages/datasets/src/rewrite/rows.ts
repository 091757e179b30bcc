import { CsvRecords, csvFields, delimiterOf, isBlank } from "./csv.js";

/** Says of each record of a file, in order, whether it stays; counts those that go. */
export interface RowFilter {
  /** Bytes that stay, of the records that this chunk completes. */
  push(chunk: Uint8Array): Buffer[];
  end(): Buffer[];
  readonly removed: number;
  readonly rows: number;
}

/** Drops the rows of a CSV or TSV file whose field `column` is `reference`. All other bytes stay as they are. */
export function csvFilter(column: string, reference: string): RowFilter {
  const records = new CsvRecords();
  let place: { delimiter: number; index: number } | undefined;
  const counts = { removed: 0, rows: 0 };
  const stays = (record: Buffer): boolean => {
    if (isBlank(record)) return true;
    if (place === undefined) {
      const delimiter = delimiterOf(record);
      const index = csvFields(record, delimiter).indexOf(column);
      if (index < 0) throw new MissingColumn(column);
      place = { delimiter, index };
      return true;
    }
    counts.rows++;
    const goes = csvFields(record, place.delimiter)[place.index] === reference;
    if (goes) counts.removed++;
    return !goes;
  };
  return {
    push: (chunk) => records.push(chunk).filter(stays),
    end: () => records.end().filter(stays),
    get removed() {
      return counts.removed;
    },
    get rows() {
      return counts.rows;
    },
  };
}

const LF = 0x0a;
const MAX_LINE = 64 * 1024 * 1024;

/** Drops the lines of a JSONL file whose top-level member `column` is `reference`. All other bytes stay as they are. */
export function jsonlFilter(column: string, reference: string): RowFilter {
  let rest: Buffer = Buffer.alloc(0);
  const counts = { removed: 0, rows: 0 };
  const stays = (line: Buffer): boolean => {
    const text = line.toString("utf8").trim();
    if (text === "") return true;
    counts.rows++;
    const goes = matches(text, column, reference);
    if (goes) counts.removed++;
    return !goes;
  };
  return {
    push(chunk) {
      const bytes = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
      const lines: Buffer[] = [];
      let start = 0;
      for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, start)) {
        lines.push(bytes.subarray(start, at + 1));
        start = at + 1;
      }
      rest = bytes.subarray(start);
      if (rest.length > MAX_LINE) throw new Error("a line is longer than 64 MB");
      return lines.filter(stays);
    },
    end: () => (rest.length === 0 ? [] : [rest].filter(stays)),
    get removed() {
      return counts.removed;
    },
    get rows() {
      return counts.rows;
    },
  };
}

/** A line that is no JSON cannot be shown to be about somebody else, so that the file is refused rather than half searched. */
function matches(text: string, column: string, reference: string): boolean {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error("a line is no JSON, so it cannot be searched");
  }
  return isAbout(value, column, reference);
}

export function isAbout(value: unknown, column: string, reference: string): boolean {
  if (value === null || typeof value !== "object" || !Object.hasOwn(value, column)) return false;
  const member = (value as Record<string, unknown>)[column];
  return (typeof member === "string" || typeof member === "number") && String(member) === reference;
}

/** The file has no column by which a person could be found. */
export class MissingColumn extends Error {
  constructor(column: string) {
    super(`it has no column ${JSON.stringify(column)}`);
    this.name = "MissingColumn";
  }
}
