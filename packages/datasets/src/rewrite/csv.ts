const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** Rows longer than this are refused: a quote that never closes would otherwise take the rest of the file into memory. */
const MAX_RECORD = 64 * 1024 * 1024;

/** Where a reading of text stands. */
const START = 0;
const PLAIN = 1;
const QUOTED = 2;
/** After the quote that ends a field, or the first of two that stand for one. */
const CLOSED = 3;
const RETURN = 4;

const DELIMITERS = [",", ";", "\t", "|"].map((text) => text.charCodeAt(0));

/** What readers disagree about must not be guessed: a wrong cut deletes others' rows, or leaves the person's. */
const unclear = (what: string): Error => new Error(`${what}, so it cannot be searched`);

/** As pandas reads: a quote opens a field only where the field begins. Without a delimiter, any that is known ends a field. */
function step(state: number, byte: number, delimiter: number | undefined): number {
  if (state === QUOTED) return byte === QUOTE ? CLOSED : QUOTED;
  if (byte === LF) return START;
  if (state === RETURN) throw unclear("a carriage return stands alone");
  if (byte === CR) return RETURN;
  if (delimiter === undefined ? DELIMITERS.includes(byte) : byte === delimiter) return START;
  if (byte === QUOTE && state !== PLAIN) return QUOTED;
  if (state === CLOSED) throw unclear("text follows a closing quote");
  return PLAIN;
}

/** Cuts text into records (RFC 4180: a quoted field may hold line breaks), each with its line break, byte for byte. */
export class CsvRecords {
  #rest: Buffer = Buffer.alloc(0);
  #at = 0;
  #state = START;
  /** Bytes of a byte order mark seen so far. */
  #mark = 0;
  #delimiter: number | undefined;

  /** The records that are complete with this chunk. */
  push(chunk: Uint8Array): Buffer[] {
    const bytes = this.#rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#rest, chunk]);
    const records: Buffer[] = [];
    let start = 0;
    for (let at = this.#at; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0;
      if (this.#isMark(byte)) continue;
      const ends = byte === LF && this.#state !== QUOTED;
      this.#state = step(this.#state, byte, this.#delimiter);
      if (!ends) continue;
      const record = bytes.subarray(start, at + 1);
      if (!isBlank(record)) this.#delimiter ??= delimiterOf(record);
      records.push(record);
      start = at + 1;
    }
    this.#rest = bytes.subarray(start);
    this.#at = this.#rest.length;
    if (this.#at > MAX_RECORD) throw new Error("a row is longer than 64 MB");
    return records;
  }

  /** What follows the last line break. */
  end(): Buffer[] {
    if (this.#state === QUOTED) throw unclear("a quoted field does not end");
    return this.#rest.length === 0 ? [] : [this.#rest];
  }

  /** Whether a byte belongs to a byte order mark: a quote right behind one opens the first field. */
  #isMark(byte: number): boolean {
    if (this.#mark < BOM.length && byte === BOM[this.#mark]) {
      this.#mark++;
      return true;
    }
    this.#mark = BOM.length;
    return false;
  }
}

/** The fields of a record, unquoted. */
export function csvFields(record: Buffer, delimiter: number): string[] {
  const fields: string[] = [];
  const bytes = withoutBreak(record.subarray(0, 3).equals(BOM) ? record.subarray(3) : record);
  let start = 0;
  let state = START;
  for (const [at, byte] of bytes.entries()) {
    if (byte === LF && state !== QUOTED) throw unclear("a line break stands in a row");
    const ends = byte === delimiter && state !== QUOTED;
    state = step(state, byte, delimiter);
    if (!ends) continue;
    fields.push(unquoted(bytes.subarray(start, at)));
    start = at + 1;
  }
  if (state === QUOTED) throw unclear("a quoted field does not end");
  return [...fields, unquoted(bytes.subarray(start))];
}

/** Readers pass over empty lines. */
export const isBlank = (record: Buffer): boolean => withoutBreak(record).length === 0;

function withoutBreak(record: Buffer): Buffer {
  let end = record.length;
  if (record[end - 1] === LF) end--;
  if (record[end - 1] === CR) end--;
  return record.subarray(0, end);
}

function unquoted(field: Buffer): string {
  const text = field.toString("utf8");
  return text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text;
}

/** The sign that parts most fields in the header. */
export function delimiterOf(header: Buffer): number {
  const counts = DELIMITERS.map((delimiter) => countOf(header, delimiter));
  const most = Math.max(...counts);
  if (most === 0) throw unclear("its header can be read in several ways");
  return DELIMITERS[counts.indexOf(most)] ?? 0x2c;
}

function countOf(header: Buffer, delimiter: number): number {
  try {
    return csvFields(header, delimiter).length;
  } catch {
    return 0;
  }
}
