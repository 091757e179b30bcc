/** What extended headers say of the member that follows (POSIX pax): `length key=value\n`, again and again. */
export function readPax(bytes: Buffer): Map<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at >= 0; ) at = readRecord(bytes, at, records);
  return records;
}

/** Keys that the oldest form of sparse files repeats, once for each piece. */
const REPEATED = /^GNU\.sparse\.(offset|numbytes)$/;

/** Reads one record and answers where the next begins, or -1. */
function readRecord(bytes: Buffer, at: number, records: Map<string, string>): number {
  const digits = /^(\d{1,10}) /.exec(bytes.toString("latin1", at, at + 11))?.[1];
  if (digits === undefined) return -1;
  const end = at + Number(digits);
  const equals = bytes.indexOf(0x3d, at);
  if (end > bytes.length || equals < 0 || equals >= end) return -1;
  const key = bytes.toString("utf8", at + digits.length + 1, equals);
  const value = bytes.toString("utf8", equals + 1, end - 1);
  if (REPEATED.test(key)) {
    const before = records.get("GNU.sparse.map");
    records.set("GNU.sparse.map", before === undefined ? value : `${before},${value}`);
  } else records.set(key, value);
  return end;
}
