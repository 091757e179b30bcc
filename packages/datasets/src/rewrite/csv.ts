const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** Rows longer than this are refused: a quote that never closes would otherwise take the rest of the file into memory. */
const MAX_RECORD = 64 * 1024 * 1024;

/** Cuts text into records (RFC 4180: a quoted field may hold line breaks), each with its line break, byte for byte. */
export class CsvRecords {
  #rest: Buffer = Buffer.alloc(0);
  #at = 0;
  #quoted = false;

  /** The records that are complete with this chunk. */
  push(chunk: Uint8Array): Buffer[] {
    const bytes = this.#rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#rest, chunk]);
    const records: Buffer[] = [];
    let start = 0;
    for (let at = this.#at; at < bytes.length; at++) {
      const byte = bytes[at];
      if (byte === QUOTE) this.#quoted = !this.#quoted;
      else if (byte === LF && !this.#quoted) {
        records.push(bytes.subarray(start, at + 1));
        start = at + 1;
      }
    }
    this.#rest = bytes.subarray(start);
    this.#at = this.#rest.length;
    if (this.#at > MAX_RECORD) throw new Error("a row is longer than 64 MB");
    return records;
  }

  /** What follows the last line break. */
  end(): Buffer[] {
    if (this.#quoted) throw new Error("a quoted field does not end");
    return this.#rest.length === 0 ? [] : [this.#rest];
  }
}

/** The fields of a record, unquoted. */
export function csvFields(record: Buffer, delimiter: number): string[] {
  const fields: string[] = [];
  const bytes = withoutBreak(record.subarray(0, 3).equals(BOM) ? record.subarray(3) : record);
  let start = 0;
  let quoted = false;
  for (let at = 0; at <= bytes.length; at++) {
    if (bytes[at] === QUOTE) quoted = !quoted;
    if (at < bytes.length && (quoted || bytes[at] !== delimiter)) continue;
    fields.push(unquoted(bytes.subarray(start, at)));
    start = at + 1;
  }
  return fields;
}

function withoutBreak(record: Buffer): Buffer {
  let end = record.length;
  if (record[end - 1] === LF) end--;
  if (record[end - 1] === CR) end--;
  return record.subarray(0, end);
}

function unquoted(field: Buffer): string {
  const text = field.toString("utf8");
  if (!text.startsWith('"') || !text.endsWith('"') || text.length < 2) return text;
  return text.slice(1, -1).replaceAll('""', '"');
}

const DELIMITERS = [",", ";", "\t", "|"].map((text) => text.charCodeAt(0));

/** The sign that parts most fields in the header. */
export function delimiterOf(header: Buffer): number {
  const counts = DELIMITERS.map((delimiter) => csvFields(header, delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? 0x2c;
}
