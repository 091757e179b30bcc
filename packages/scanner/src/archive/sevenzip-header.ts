export interface Coder {
  method: string;
  properties: Buffer;
  inputs: number;
}

export interface Folder {
  coders: Coder[];
  /** Unpacked size of each coder and of the folder (its last output). */
  sizes: number[];
  size: number;
  /** Which coder's output is which input (inputs of all coders are counted together). */
  bonds: { input: number; output: number }[];
  /** Which inputs are packed streams, in their order. */
  packed: number[];
  firstPacked: number;
  fileSizes: number[];
}

export interface ListedFile {
  name: string;
  /** It has no bytes in any folder: a directory, an empty file, or one that is to be deleted. */
  empty: boolean;
  attributes: number;
}

export interface Header {
  /** The folders hold the real header. */
  encoded: boolean;
  packedSizes: number[];
  packedOffsets: number[];
  folders: Folder[];
  files: ListedFile[];
}

const END = 0x00;
const HEADER = 0x01;
const MAIN_STREAMS = 0x04;
const FILES = 0x05;
const PACK = 0x06;
const UNPACK = 0x07;
const SUBSTREAMS = 0x08;
const SIZE = 0x09;
const CRC = 0x0a;
const FOLDER = 0x0b;
const UNPACK_SIZE = 0x0c;
const NUM_UNPACK = 0x0d;
const EMPTY_STREAM = 0x0e;
const NAMES = 0x11;
const ATTRIBUTES = 0x15;
const ENCODED = 0x17;
const MAX_COUNT = 1_000_000;

class Cursor {
  readonly bytes: Buffer;
  at = 0;
  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }
  byte(): number {
    const value = this.bytes[this.at++];
    if (value === undefined) throw new Error("truncated 7z header");
    return value;
  }
  take(length: number): Buffer {
    if (length < 0 || this.at + length > this.bytes.length) throw new Error("truncated 7z header");
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
  /** 7-Zip's variable-length numbers: leading ones of the first byte count the bytes that follow. */
  number(): number {
    const first = this.byte();
    let value = 0;
    for (let i = 0; i < 8; i++) {
      const mask = 0x80 >> i;
      if (!(first & mask)) return value + (first & (mask - 1)) * 2 ** (8 * i);
      value += this.byte() * 2 ** (8 * i);
    }
    return value;
  }
  count(): number {
    const value = this.number();
    if (value > MAX_COUNT) throw new Error("a 7z count beyond any archive");
    return value;
  }
  bits(count: number): boolean[] {
    const bytes = this.take(Math.ceil(count / 8));
    return Array.from({ length: count }, (_, i) => ((bytes[i >> 3] ?? 0) & (0x80 >> (i & 7))) !== 0);
  }
}

export function readHeader(bytes: Buffer): Header {
  const cursor = new Cursor(bytes);
  const header: Header = {
    encoded: false,
    packedSizes: [],
    packedOffsets: [],
    folders: [],
    files: [],
  };
  const kind = cursor.byte();
  if (kind === ENCODED) {
    header.encoded = true;
    readStreams(cursor, header);
  } else if (kind === HEADER) {
    for (let id = cursor.byte(); id !== END; id = cursor.byte()) {
      if (id === MAIN_STREAMS) readStreams(cursor, header);
      else if (id === FILES) {
        readFiles(cursor, header);
        break;
      } else throw new Error("an unknown 7z header section");
    }
  } else throw new Error("no 7z header");
  return header;
}

function readStreams(cursor: Cursor, header: Header): void {
  for (let id = cursor.byte(); id !== END; id = cursor.byte()) {
    if (id === PACK) readPack(cursor, header);
    else if (id === UNPACK) readFolders(cursor, header);
    else if (id === SUBSTREAMS) readSubstreams(cursor, header);
    else throw new Error("an unknown 7z stream section");
  }
}

function readPack(cursor: Cursor, header: Header): void {
  let offset = cursor.number();
  const count = cursor.count();
  for (let id = cursor.byte(); id !== END; id = cursor.byte()) {
    if (id === SIZE) {
      for (let i = 0; i < count; i++) {
        const size = cursor.number();
        header.packedSizes.push(size);
        header.packedOffsets.push(offset);
        offset += size;
      }
    } else if (id === CRC) skipDigests(cursor, count);
    else throw new Error("an unknown 7z pack section");
  }
}

function skipDigests(cursor: Cursor, count: number): void {
  const defined = cursor.byte() ? count : cursor.bits(count).filter(Boolean).length;
  cursor.take(4 * defined);
}

function readFolders(cursor: Cursor, header: Header): void {
  if (cursor.byte() !== FOLDER) throw new Error("bad 7z folders");
  const count = cursor.count();
  if (cursor.byte()) throw new Error("external 7z folders");
  let packed = 0;
  for (let i = 0; i < count; i++) {
    const folder = { ...readCoders(cursor), sizes: [], size: 0, firstPacked: packed, fileSizes: [] };
    header.folders.push(folder);
    packed += folder.packed.length;
  }
  for (let id = cursor.byte(); id !== END; id = cursor.byte()) {
    if (id === UNPACK_SIZE) readUnpackSizes(cursor, header);
    else if (id === CRC) skipDigests(cursor, count);
    else throw new Error("an unknown 7z folder section");
  }
  for (const folder of header.folders) folder.fileSizes = [folder.size];
}

function readUnpackSizes(cursor: Cursor, header: Header): void {
  for (const folder of header.folders) {
    folder.sizes = folder.coders.map(() => cursor.number());
    folder.size = folder.sizes[lastOutput(folder)] ?? 0;
  }
}

/** The coder whose output no other takes. */
export function lastOutput({ coders, bonds }: Folder): number {
  return coders.findIndex((_, at) => !bonds.some(({ output }) => output === at));
}

function readCoders(cursor: Cursor): Pick<Folder, "coders" | "bonds" | "packed"> {
  const count = cursor.count();
  if (count === 0 || count > 32) throw new Error("a strange number of 7z coders");
  const coders: Coder[] = [];
  for (let i = 0; i < count; i++) {
    const flags = cursor.byte();
    const method = cursor.take(flags & 15).toString("hex");
    const complex = (flags & 0x10) !== 0;
    const inputs = complex ? cursor.count() : 1;
    if (inputs > 32 || (complex && cursor.count() !== 1)) throw new Error("a strange 7z coder");
    const properties = flags & 0x20 ? Buffer.from(cursor.take(cursor.count())) : Buffer.alloc(0);
    coders.push({ method, properties, inputs });
  }
  const inputs = coders.reduce((sum, coder) => sum + coder.inputs, 0);
  const bonds = Array.from({ length: count - 1 }, () => ({
    input: cursor.number(),
    output: cursor.number(),
  }));
  const streams = inputs - bonds.length;
  if (streams < 1) throw new Error("a 7z folder without a stream");
  const free = Array.from({ length: inputs }, (_, at) => at).filter(
    (at) => !bonds.some(({ input }) => input === at),
  );
  const packed = streams === 1 ? free : Array.from({ length: streams }, () => cursor.number());
  return { coders, bonds, packed };
}

function readSubstreams(cursor: Cursor, header: Header): void {
  let counts = header.folders.map(() => 1);
  let id = cursor.byte();
  if (id === NUM_UNPACK) {
    counts = header.folders.map(() => cursor.count());
    id = cursor.byte();
  }
  header.folders.forEach((folder, index) => {
    const count = counts[index] ?? 0;
    const sizes: number[] = [];
    let used = 0;
    // A size takes a byte at least. Without them 7-Zip has one file, whatever count a few bytes state.
    for (let i = 0; id === SIZE && i + 1 < count; i++) {
      const size = cursor.number();
      sizes.push(size);
      used += size;
    }
    if (count > 0) sizes.push(Math.max(0, folder.size - used));
    folder.fileSizes = sizes;
  });
  if (id === SIZE) id = cursor.byte();
  const total = counts.reduce((sum, count) => sum + count, 0);
  for (; id !== END; id = cursor.byte()) {
    if (id !== CRC) throw new Error("an unknown 7z substream section");
    skipDigests(cursor, total);
  }
}

function readFiles(cursor: Cursor, header: Header): void {
  const count = cursor.count();
  let empty: boolean[] = [];
  let names: string[] = [];
  const attributes: number[] = [];
  for (let id = cursor.byte(); id !== END; id = cursor.byte()) {
    const size = cursor.number();
    const data = new Cursor(cursor.take(size));
    if (id === EMPTY_STREAM) empty = data.bits(count);
    else if (id === NAMES) names = readNames(data, count);
    else if (id === ATTRIBUTES) readAttributes(data, count, attributes);
  }
  // A file has bytes in a folder or a bit that says it is empty: a number alone is none.
  const streams = header.folders.reduce((sum, { fileSizes }) => sum + fileSizes.length, 0);
  if (count > streams + empty.filter(Boolean).length) throw new Error("7z files that are not there");
  header.files = Array.from({ length: count }, (_, at) => ({
    name: names[at] ?? `file ${at + 1}`,
    empty: empty[at] ?? false,
    attributes: attributes[at] ?? 0,
  }));
}

function readNames(data: Cursor, count: number): string[] {
  if (data.byte() !== 0) throw new Error("external 7z names");
  return data.bytes.toString("utf16le", 1).split("\0", count);
}

function readAttributes(data: Cursor, count: number, attributes: number[]): void {
  const defined = data.byte() ? undefined : data.bits(count);
  if (data.byte() !== 0) throw new Error("external 7z attributes");
  for (let i = 0; i < count; i++) if (defined?.[i] ?? true) attributes[i] = data.take(4).readUInt32LE(0);
}
