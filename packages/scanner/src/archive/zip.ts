import type { Budget } from "../core/limits.js";
import { indexOf, type Source } from "../core/source.js";
import { type Directory, findDirectories } from "./zip-end.js";
import { unicodePath, wide } from "./zip-extra.js";

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const LOCAL_MAGIC = Buffer.from("PK\x03\x04", "latin1");
const DESCRIPTOR = 0x08074b50;
const MAX_DIRECTORY = 64 * 1024 * 1024;

export interface Entry {
  name: string;
  /** The name's bytes, as Latin-1. */
  raw: string;
  /** Another name, which some readers prefer (Info-ZIP's Unicode path). */
  alias?: string;
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
  centralStart: number;
  end: number;
  problems: string[];
  disagreements: string[];
}

/** Reads both lists of a zip file: what local headers say and what the central directory says. */
export function readZip(source: Source, budget: Budget): ZipListing {
  const { directories, end, problems, disagreements } = findDirectories(source);
  const centralStart = directories[0]?.start ?? source.size;
  const central = new Map<string, Entry>();
  for (const directory of directories) {
    for (const entry of readCentral(source, directory, budget, problems)) {
      const { header, raw, method, flags, crc, packed, size } = entry;
      central.set([header, method, flags, crc, packed, size, raw].join(), entry);
    }
  }
  const entries = [...central.values()];
  const local = readLocal(source, entries, centralStart, budget, problems);
  return { local, central: entries, centralStart, end, problems, disagreements };
}

/** Reads on until the records behind the directory: some readers believe its size, some its count, some neither. */
function readCentral(source: Source, directory: Directory, budget: Budget, problems: string[]): Entry[] {
  const { start, end, size, count, prefix } = directory;
  const bytes = source.read(start, Math.min(end - start, MAX_DIRECTORY));
  const entries: Entry[] = [];
  let at = 0;
  while (at + 46 <= bytes.length && bytes.readUInt32LE(at) === CENTRAL) {
    budget.entry();
    const { entry, next } = readCentralEntry(bytes, at, prefix);
    entries.push(entry);
    at = next;
  }
  if (entries.length !== count && entries.length % 65536 !== count) {
    problems.push(`the central directory lists ${entries.length} members but announces ${count}`);
  } else if (at !== size) problems.push("the central directory has another size than it should");
  return entries;
}

function readCentralEntry(bytes: Buffer, at: number, prefix: number): { entry: Entry; next: number } {
  const nameEnd = at + 46 + bytes.readUInt16LE(at + 28);
  const extraEnd = nameEnd + bytes.readUInt16LE(at + 30);
  const flags = bytes.readUInt16LE(at + 8);
  const extra = bytes.subarray(nameEnd, extraEnd);
  const sizes = wide(
    {
      size: bytes.readUInt32LE(at + 24),
      packed: bytes.readUInt32LE(at + 20),
      header: bytes.readUInt32LE(at + 42),
    },
    extra,
  );
  const entry: Entry = {
    ...named(bytes.subarray(at + 46, nameEnd), flags, extra),
    flags,
    method: bytes.readUInt16LE(at + 10),
    crc: bytes.readUInt32LE(at + 16),
    external: bytes.readUInt32LE(at + 38),
    packed: sizes.packed,
    size: sizes.size,
    header: sizes.header + prefix,
    data: -1,
  };
  return { entry, next: extraEnd + bytes.readUInt16LE(at + 32) };
}

function named(bytes: Buffer, flags: number, extra: Buffer): Pick<Entry, "name" | "raw" | "alias"> {
  const raw = bytes.toString("latin1");
  const name = flags & 0x800 ? bytes.toString("utf8") : raw;
  const alias = unicodePath(bytes, extra);
  return alias === undefined || alias === name ? { name, raw } : { name, raw, alias };
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
    if (entry) yield entry;
    const after = entry ? skipDescriptor(source, entry) : at + 1;
    while (next < headers.length && (headers[next] ?? 0) < after) next++;
    at = source.read(after, 4).equals(LOCAL_MAGIC) ? after : nextHeader(source, after, end, headers[next]);
  }
}

const MAX_GAP = 1024 * 1024;

/** The next header after a gap: the next magic number, else where the directory points. */
function nextHeader(source: Source, after: number, end: number, listed: number | undefined): number {
  const from = Math.min(after, end);
  const magic = indexOf(source, LOCAL_MAGIC, from, Math.min(end, from + MAX_GAP));
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
    ...named(rest.subarray(0, nameLength), flags, rest.subarray(nameLength)),
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
