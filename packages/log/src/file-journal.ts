import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { fileFault } from "@countersign/evidence";
import type { Disk, DiskFile } from "./disk.js";
import { fault } from "./faults.js";
import { recordRange } from "./record.js";
import type { Journal } from "./store.js";

const MAGIC = 0x43534a31;
/** Magic and a random salt. The salt goes into each checksum, so that no entry can be made to look like a record. */
const SEGMENT_HEADER = 16;
/** Magic, length, checksum. */
const FRAME_HEADER = 12;

interface Segment {
  readonly path: string;
  readonly first: number;
}

/**
 * The journal as files of appended records, one written and synced at a time. So only the last record can be torn, and nobody was
 * told of it: it is dropped. A broken record with a whole one behind it is tampering.
 */
export async function openFileJournal(
  disk: Disk,
  directory: string,
  segmentBytes: number,
  unlock: () => Promise<void>,
): Promise<Journal> {
  const names = (await disk.list(directory)).filter((name) => /^\d{16}$/.test(name)).sort();
  const segments = names.map((name) => ({ path: join(directory, name), first: Number(name) }));
  return new FileJournal(disk, directory, segments, segmentBytes, unlock);
}

class FileJournal implements Journal {
  readonly #disk: Disk;
  readonly #directory: string;
  readonly #unlock: () => Promise<void>;
  readonly #segmentBytes: number;
  #segments: Segment[];
  #file: DiskFile | undefined;
  #salt: Buffer = Buffer.alloc(SEGMENT_HEADER);
  #end = 0;
  /** Where the newest record begins. */
  #before = 0;
  /** A failed write may have left bytes behind `#end`; they go before anything is written there again. */
  #torn = false;

  constructor(
    disk: Disk,
    directory: string,
    segments: Segment[],
    segmentBytes: number,
    unlock: () => Promise<void>,
  ) {
    this.#disk = disk;
    this.#directory = directory;
    this.#segments = segments;
    this.#segmentBytes = segmentBytes;
    this.#unlock = unlock;
  }

  async *records(from: number): AsyncIterable<Uint8Array> {
    const needed = this.#segments.filter(
      (_, i) => (this.#segments[i + 1]?.first ?? Number.POSITIVE_INFINITY) > from,
    );
    for (const segment of needed) {
      const bytes = Buffer.from((await this.#disk.read(segment.path)) ?? []);
      let offset = SEGMENT_HEADER;
      for (let record = readFrame(bytes, offset); record; record = readFrame(bytes, offset)) {
        yield record;
        offset += FRAME_HEADER + record.length;
      }
      if (offset >= bytes.length) continue;
      if (segment !== needed.at(-1) || hasFrame(bytes, offset)) {
        throw fault("log-tampered", "a record in the middle of the log's journal is damaged", { offset });
      }
      await this.#cut(segment, offset);
    }
  }

  /** Takes a torn record away for good, so that what is written next does not stand behind it. */
  async #cut(segment: Segment, offset: number): Promise<void> {
    const file = await this.#disk.open(segment.path);
    try {
      await file.truncate(offset);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  append(pieces: readonly Uint8Array[]): Promise<void> {
    return this.#guard(this.#append(pieces));
  }

  retract(): Promise<void> {
    return this.#guard(this.#retract());
  }

  release(size: number): Promise<void> {
    return this.#guard(this.#release(size));
  }

  async #guard(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      throw fileFault(this.#directory, error, "log-unavailable");
    }
  }

  async #append(pieces: readonly Uint8Array[]): Promise<void> {
    const range = recordRange(pieces[0] ?? new Uint8Array());
    if (!range) throw fault("internal", "a journal record has no range");
    if (this.#end > this.#segmentBytes) await this.#closeFile();
    const file = this.#file ?? (await this.#startSegment(range.first));
    if (this.#torn) await file.truncate(this.#end);
    this.#torn = true;
    const header = frameHeader(pieces, this.#salt, this.#end);
    await file.write([header, ...pieces], this.#end);
    this.#torn = false;
    this.#before = this.#end;
    this.#end += FRAME_HEADER + lengthOf(pieces);
  }

  async #retract(): Promise<void> {
    this.#end = this.#before;
    this.#torn = true;
    await this.#file?.truncate(this.#end);
    this.#torn = false;
  }

  async #startSegment(first: number): Promise<DiskFile> {
    const path = join(this.#directory, String(first).padStart(16, "0"));
    const header = Buffer.concat([Buffer.alloc(4), randomBytes(SEGMENT_HEADER - 4)]);
    header.writeUInt32BE(MAGIC, 0);
    const file = await this.#disk.create(path, true);
    try {
      await file.write([header], 0);
      await this.#disk.syncDirectory(this.#directory);
    } catch (error) {
      await file.close();
      throw error;
    }
    this.#segments = [...this.#segments.filter((segment) => segment.path !== path), { path, first }];
    [this.#file, this.#salt, this.#end, this.#before] = [file, header, SEGMENT_HEADER, SEGMENT_HEADER];
    return file;
  }

  async #closeFile(): Promise<void> {
    if (this.#torn) {
      await this.#file?.truncate(this.#end);
      await this.#file?.sync();
    }
    await this.#file?.close();
    this.#file = undefined;
    this.#torn = false;
  }

  async #release(size: number): Promise<void> {
    while (this.#segments.length > 1 && (this.#segments[1]?.first ?? 0) <= size) {
      await this.#disk.remove(this.#segments[0]?.path ?? "");
      this.#segments = this.#segments.slice(1);
    }
  }

  async close(settled: boolean): Promise<void> {
    try {
      await this.#closeFile();
      if (!settled) return;
      for (const { path } of this.#segments) await this.#disk.remove(path);
      this.#segments = [];
    } finally {
      await this.#unlock();
    }
  }
}

function checksum(pieces: readonly Uint8Array[], segmentHeader: Uint8Array, offset: number): number {
  const seed = crc32(`${offset} ${lengthOf(pieces)}`, crc32(segmentHeader));
  return pieces.reduce((sum, piece) => crc32(piece, sum), seed);
}

function lengthOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}

function frameHeader(pieces: readonly Uint8Array[], segmentHeader: Uint8Array, offset: number): Buffer {
  const header = Buffer.alloc(FRAME_HEADER);
  header.writeUInt32BE(MAGIC, 0);
  header.writeUInt32BE(lengthOf(pieces), 4);
  header.writeUInt32BE(checksum(pieces, segmentHeader, offset), 8);
  return header;
}

function readFrame(bytes: Buffer, offset: number): Buffer | undefined {
  if (offset + FRAME_HEADER > bytes.length || bytes.readUInt32BE(offset) !== MAGIC) return undefined;
  const end = offset + FRAME_HEADER + bytes.readUInt32BE(offset + 4);
  if (end > bytes.length) return undefined;
  const record = bytes.subarray(offset + FRAME_HEADER, end);
  const good =
    bytes.readUInt32BE(offset + 8) === checksum([record], bytes.subarray(0, SEGMENT_HEADER), offset);
  return good ? record : undefined;
}

/** Whether a whole record begins anywhere at or after `offset`. */
function hasFrame(bytes: Buffer, offset: number): boolean {
  const magic = Buffer.alloc(4);
  magic.writeUInt32BE(MAGIC);
  for (let at = bytes.indexOf(magic, offset); at >= 0; at = bytes.indexOf(magic, at + 1)) {
    if (readFrame(bytes, at)) return true;
  }
  return false;
}
