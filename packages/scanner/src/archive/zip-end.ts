import type { Source } from "../core/source.js";

const CENTRAL = 0x02014b50;
const END_MAGIC = Buffer.from("PK\x05\x06", "latin1");
const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;
const END_SIZE = 22;
const END64_SIZE = 56;
const LOCATOR_SIZE = 20;
/** An end record and the longest comment. */
const TAIL = 66_000;
const MAX_RECORDS = 64;

/** A list of members that some reader takes for the archive's own. */
export interface Directory {
  start: number;
  /** Where the records behind the list begin. */
  end: number;
  size: number;
  count: number;
  /** Bytes before the archive's own offset 0 (a self-extracting prefix); negative when its beginning is missing. */
  prefix: number;
}

export interface Ends {
  /** The first is the one that most readers take. */
  directories: Directory[];
  /** Where the last end record lies; the file's size when there is none. */
  end: number;
  problems: string[];
  disagreements: string[];
}

/**
 * Finds every central directory that a reader may take. Readers differ: some refuse an end record whose comment is
 * longer than the file (Java, Go), some need Zip64's record before its locator (Python), some where the locator points
 * (miniz), some only when the plain fields are full (Go, Java), and few allow bytes before the archive.
 */
export function findDirectories(source: Source): Ends {
  const ends: Ends = { directories: [], end: source.size, problems: [], disagreements: [] };
  const records = endRecords(source);
  const [last] = records;
  if (last === undefined) {
    ends.problems.push("there is no end of central directory");
    return ends;
  }
  ends.end = last;
  for (const at of records) {
    addDirectories(source, at, ends);
    const comment = source.read(at + 20, 2).readUInt16LE(0);
    if (at + END_SIZE + comment <= source.size) break;
    ends.disagreements.push("The comment behind the central directory is longer than the file.");
  }
  if (ends.directories.length === 0) ends.problems.push("the central directory lies outside the file");
  if (ends.directories.length > 1)
    ends.disagreements.push("Readers take different lists for the central directory.");
  return ends;
}

/** Where end records lie, the last one first. */
function endRecords(source: Source): number[] {
  const tail = source.read(Math.max(0, source.size - TAIL), TAIL);
  const base = source.size - tail.length;
  const found: number[] = [];
  let at = tail.lastIndexOf(END_MAGIC);
  for (; at >= 0 && found.length < MAX_RECORDS; at = at === 0 ? -1 : tail.lastIndexOf(END_MAGIC, at - 1))
    if (at + END_SIZE <= tail.length) found.push(base + at);
  return found;
}

interface Stated {
  count: number;
  size: number;
  offset: number;
  /** Where the directory should end. */
  end: number;
}

function addDirectories(source: Source, at: number, ends: Ends): void {
  const record = source.read(at, END_SIZE);
  const plain: Stated = {
    count: record.readUInt16LE(10),
    size: record.readUInt32LE(12),
    offset: record.readUInt32LE(16),
    end: at,
  };
  const wide = readWide(source, at, ends);
  const full = plain.count === 0xffff || plain.size === 0xffffffff || plain.offset === 0xffffffff;
  const stated = full && wide.length > 0 ? wide : [...wide, { ...plain, end: wide[0]?.end ?? at }];
  const before = ends.directories.length;
  for (const one of stated) for (const directory of locate(source, one)) addNew(ends.directories, directory);
  if (ends.directories.length === before && plain.count === 0 && before === 0)
    ends.directories.push({ start: at, end: at, size: 0, count: 0, prefix: 0 });
}

function addNew(directories: Directory[], directory: Directory): void {
  const known = directories.some(
    ({ start, count, size }) =>
      start === directory.start && count === directory.count && size === directory.size,
  );
  if (!known) directories.push(directory);
}

/** Zip64's records: where the locator points, and right before it. */
function readWide(source: Source, end: number, ends: Ends): Stated[] {
  const locator = end < LOCATOR_SIZE ? Buffer.alloc(0) : source.read(end - LOCATOR_SIZE, LOCATOR_SIZE);
  if (locator.length < LOCATOR_SIZE || locator.readUInt32LE(0) !== LOCATOR64) return [];
  const places = new Set([end - LOCATOR_SIZE - END64_SIZE, Number(locator.readBigUInt64LE(8))]);
  const found: Stated[] = [];
  for (const at of places) {
    const record = source.read(at, END64_SIZE);
    if (record.length < END64_SIZE || record.readUInt32LE(0) !== END64) continue;
    found.push({
      count: Number(record.readBigUInt64LE(32)),
      size: Number(record.readBigUInt64LE(40)),
      offset: Number(record.readBigUInt64LE(48)),
      end: at,
    });
  }
  if (found.length === 0) ends.problems.push("the zip64 record is missing");
  return found;
}

/** The directory ends where its records begin, or it begins where they say: both, when both hold one. */
function locate(source: Source, { count, size, offset, end }: Stated): Directory[] {
  const found: Directory[] = [];
  for (const start of new Set([end - size, offset])) {
    const head = start < 0 ? Buffer.alloc(0) : source.read(start, 4);
    if (head.length < 4 || head.readUInt32LE(0) !== CENTRAL) continue;
    found.push({ start, end, size, count, prefix: start - offset });
  }
  return found;
}

/** Whether a zip file's list of members is found from the end, whatever stands at the beginning. */
export function endsAsZip(source: Source): boolean {
  return findDirectories(source).directories.some(({ start, end }) => end > start);
}
