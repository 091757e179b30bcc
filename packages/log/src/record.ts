import { Run } from "./run.js";

/**
 * What one group commit makes durable: the leaves as they came, duplicates among them, and the signed checkpoint of all that was
 * before. So each record is sealed by the next one or by the published checkpoint, and hashing and signing can go on while the
 * disk is busy. What they give is the same whenever it is made: after a crash the newest record gives the same indexes, the same
 * tree and the same Ed25519 signature again.
 */
export interface CommitRecord {
  readonly first: number;
  readonly time: number;
  readonly note: Uint8Array;
  readonly runs: readonly Run[];
}

const HEADER = 24;

/** In pieces: first u64, count u32, time u64, note length u32; the note; the entries as in an entry bundle. */
export function encodeRecord(record: CommitRecord): Uint8Array[] {
  const header = Buffer.alloc(HEADER);
  header.writeBigUInt64BE(BigInt(record.first), 0);
  header.writeUInt32BE(
    record.runs.reduce((sum, { count }) => sum + count, 0),
    8,
  );
  header.writeBigUInt64BE(BigInt(record.time), 12);
  header.writeUInt32BE(record.note.length, 20);
  return [header, record.note, ...record.runs.map(({ bytes }) => bytes)];
}

/** Where a record's entries begin, and where they end if none is a duplicate; its first piece tells. */
export function recordRange(bytes: Uint8Array): { first: number; next: number } | undefined {
  if (bytes.length < HEADER) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const first = Number(view.getBigUint64(0));
  return { first, next: first + view.getUint32(8) };
}

export function decodeRecord(bytes: Uint8Array): CommitRecord | undefined {
  const range = recordRange(bytes);
  if (!range) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = HEADER + view.getUint32(20);
  const run = end > bytes.length ? undefined : Run.parse(bytes.subarray(end));
  if (!run || range.first + run.count !== range.next) return undefined;
  return {
    first: range.first,
    time: Number(view.getBigUint64(12)),
    note: bytes.subarray(HEADER, end),
    runs: [run],
  };
}
