import type { Budget } from "../core/limits.js";
import { indexOf, type Source } from "../core/source.js";

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;
const LOCAL_MAGIC = Buffer.from("PK\x03\x04", "latin1");
const DESCRIPTOR = 0x08074b50;

export interface Entry {
  name: string;
  flags: number;
  method: number;
  crc: number;
  packed: number;
  size: number;
  /** Where the local header lies. */
  header: number;
  /** Where the packed bytes start; -1 when the entry comes from the central directory without a local header. */
  data: number;
  external: number;
}

export interface ZipListing {
  local: Entry[];
  central: Entry[];
  /** Bytes before the archive's own offset 0 (a self-extracting prefix). */
  prefix: number;
  centralStart: number;
  end: number;
  problems: string[];
}

/** Reads both lists of a zip file: what local headers say and what the central directory says. */
export function readZip(source: Source, budget: Budget): ZipListing {
  const problems: string[] = [];
  const end = findEnd(source);
  const directory = end < 0 ? undefined : readEnd(source, end, problems);
  if (end < 0) problems.push("there is no end of central directory");
  const centralStart = directory ? directory.start : source.size;
  const prefix = directory ? directory.prefix : 0;
  const central = directory ? readCentral(source, directory, budget, problems) : [];
  const local = readLocal(source, central, centralStart, budget, problems);
  return { local, central, prefix, centralStart, end: end < 0 ? source.size : end, problems };
}

function findEnd(source: Source): number {
  const tail = source.read(Math.max(0, source.size - 66_000), 66_000);
  const base = source.size - tail.length;
  for (let at = tail.length - 22; at >= 0; at--) {
    if (tail.readUInt32LE(at) === END) return base + at;
  }
  return -1;
}

interface Directory {
  start: number;
  size: number;
  count: number;
  prefix: number;
}

function readEnd(source: Source, end: number, problems: string[]): Directory {
  const record = source.read(end, 22);
  let count = record.readUInt16LE(10);
  let size = record.readUInt32LE(12);
  let offset = record.readUInt32LE(16);
  const locator = end >= 20 ? source.read(end - 20, 20) : Buffer.alloc(0);
  let recordsEnd = end;
  if (locator.length === 20 && locator.readUInt32LE(0) === LOCATOR64) {
    const at = Number(locator.readBigUInt64LE(8));
    const record64 = source.read(at, 56);
    if (record64.length === 56 && record64.readUInt32LE(0) === END64) {
      count = Number(record64.readBigUInt64LE(32));
      size = Number(record64.readBigUInt64LE(40));
      offset = Number(record64.readBigUInt64LE(48));
      recordsEnd = at;
    } else problems.push("the zip64 record is missing");
  }
  const start = recordsEnd - size;
  const prefix = start - offset;
  if (prefix >= 0 && start >= 0) return { start, size, count, prefix };
  problems.push("the central directory lies outside the file");
  return { start: Math.max(0, Math.min(offset, end)), size: Math.max(0, end - offset), count, prefix: 0 };
}

function readCentral(source: Source, directory: Directory, budget: Budget, problems: string[]): Entry[] {
  const bytes = source.read(directory.start, Math.min(directory.size, 256 * 1024 * 1024));
  const entries: Entry[] = [];
  let at = 0;
  while (at + 46 <= bytes.length && bytes.readUInt32LE(at) === CENTRAL) {
    budget.entry();
    const nameLength = bytes.readUInt16LE(at + 28);
    const extraLength = bytes.readUInt16LE(at + 30);
    const commentLength = bytes.readUInt16LE(at + 32);
    const nameEnd = at + 46 + nameLength;
    const flags = bytes.readUInt16LE(at + 8);
    const sizes = wide(
      {
        size: bytes.readUInt32LE(at + 24),
        packed: bytes.readUInt32LE(at + 20),
        header: bytes.readUInt32LE(at + 42),
      },
      bytes.subarray(nameEnd, nameEnd + extraLength),
    );
    entries.push({
      name: decodeName(bytes.subarray(at + 46, nameEnd), flags),
      flags,
      method: bytes.readUInt16LE(at + 10),
      crc: bytes.readUInt32LE(at + 16),
      external: bytes.readUInt32LE(at + 38),
      packed: sizes.packed,
      size: sizes.size,
      header: sizes.header + directory.prefix,
      data: -1,
    });
    at = nameEnd + extraLength + commentLength;
  }
  if (entries.length !== directory.count && entries.length % 65536 !== directory.count) {
    problems.push(`the central directory lists ${entries.length} members but announces ${directory.count}`);
  }
  return entries;
}

interface Sizes {
  size: number;
  packed: number;
  header: number;
}

/** Zip64: fields that read 0xffffffff follow as 64-bit numbers in extra field 1, in this order. */
function wide(sizes: Sizes, extra: Buffer): Sizes {
  for (let at = 0; at + 4 <= extra.length; ) {
    const length = extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === 1) {
      let from = at + 4;
      const next = (value: number): number => {
        if (value !== 0xffffffff || from + 8 > Math.min(extra.length, at + 4 + length)) return value;
        from += 8;
        return Number(extra.readBigUInt64LE(from - 8));
      };
      return { size: next(sizes.size), packed: next(sizes.packed), header: next(sizes.header) };
    }
    at += 4 + length;
  }
  return sizes;
}

function decodeName(bytes: Buffer, flags: number): string {
  return flags & 0x800 ? bytes.toString("utf8") : bytes.toString("latin1");
}

/** Every local header: those that a walk over the file meets, and those that the directory points to. */
function readLocal(
  source: Source,
  central: Entry[],
  end: number,
  budget: Budget,
  problems: string[],
): Entry[] {
  const byHeader = new Map(central.map((entry) => [entry.header, entry]));
  const found = new Map<number, Entry>();
  for (const entry of walkLocal(source, byHeader, end)) {
    budget.entry();
    found.set(entry.header, entry);
  }
  for (const entry of central) {
    if (found.has(entry.header)) continue;
    const local = readHeader(source, entry.header, entry);
    if (local) found.set(entry.header, local);
    else problems.push(`the member ${entry.name} has no local header`);
  }
  return [...found.values()].sort((a, b) => a.header - b.header);
}

function* walkLocal(source: Source, byHeader: ReadonlyMap<number, Entry>, end: number): Generator<Entry> {
  const headers = [...byHeader.keys()].sort((a, b) => a - b);
  let next = 0;
  let at = indexOf(source, LOCAL_MAGIC, 0, Math.min(source.size, Math.max(end, 4)));
  while (at >= 0 && at < end) {
    const entry = readHeader(source, at, byHeader.get(at));
    if (!entry) return;
    yield entry;
    const after = skipDescriptor(source, entry);
    while (next < headers.length && (headers[next] ?? 0) < entry.data) next++;
    at = source.read(after, 4).equals(LOCAL_MAGIC) ? after : nextHeader(source, after, end, headers[next]);
  }
}

const MAX_GAP = 1024 * 1024;

/** The next header after a gap: the next magic number, else where the directory points. */
function nextHeader(source: Source, after: number, end: number, listed: number | undefined): number {
  const from = Math.min(after, end);
  const magic = indexOf(
    source,
    LOCAL_MAGIC,
    from,
    Math.min(listed === undefined ? end : Math.max(listed, from), from + MAX_GAP),
  );
  return magic >= 0 ? magic : (listed ?? -1);
}

function readHeader(source: Source, at: number, central: Entry | undefined): Entry | undefined {
  const head = source.read(at, 30);
  if (head.length < 30 || head.readUInt32LE(0) !== LOCAL) return undefined;
  const nameLength = head.readUInt16LE(26);
  const extraLength = head.readUInt16LE(28);
  const rest = source.read(at + 30, nameLength + extraLength);
  const flags = head.readUInt16LE(6);
  const sizes = wide(
    { size: head.readUInt32LE(22), packed: head.readUInt32LE(18), header: at },
    rest.subarray(nameLength),
  );
  const data = at + 30 + nameLength + extraLength;
  const entry: Entry = {
    name: decodeName(rest.subarray(0, nameLength), flags),
    flags,
    method: head.readUInt16LE(8),
    crc: head.readUInt32LE(14),
    packed: sizes.packed,
    size: sizes.size,
    header: at,
    data,
    external: 0,
  };
  return flags & 8 && entry.packed === 0 ? deferred(source, entry, central) : entry;
}

/** Sizes that stand behind the data: taken from the directory, else found by the descriptor's magic number. */
function deferred(source: Source, entry: Entry, central: Entry | undefined): Entry {
  if (central) return { ...entry, packed: central.packed, size: central.size, crc: central.crc };
  return { ...entry, packed: Math.max(0, untilDescriptor(source, entry.data) - entry.data) };
}

const DESCRIPTOR_MAGIC = Buffer.from("PK\x07\x08", "latin1");

function untilDescriptor(source: Source, data: number): number {
  const limit = Math.min(source.size, data + 64 * 1024 * 1024);
  const descriptor = indexOf(source, DESCRIPTOR_MAGIC, data, limit);
  return descriptor >= 0 ? descriptor : limit;
}

function skipDescriptor(source: Source, entry: Entry): number {
  const after = entry.data + entry.packed;
  if (!(entry.flags & 8)) return after;
  const head = source.read(after, 4);
  if (head.length === 4 && head.readUInt32LE(0) === DESCRIPTOR) {
    const narrow = after + 16;
    const next = source.read(narrow, 4);
    if (next.length < 4 || next.subarray(0, 2).equals(Buffer.from("PK"))) return narrow;
    return after + 24;
  }
  return after;
}
