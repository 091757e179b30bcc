export interface Folder {
  coders: { method: string; properties: Buffer }[];
  /** Unpacked size of each coder and of the folder (its last output). */
  sizes: number[];
  size: number;
  /** Which coder's output is which coder's input. */
  bonds: { input: number; output: number }[];
  /** Every coder has one input and one output. */
  simple: boolean;
  firstPacked: number;
  fileSizes: number[];
}

export interface Header {
  /** The folders hold the real header. */
  encoded: boolean;
  packedSizes: number[];
  packedOffsets: number[];
  folders: Folder[];
  names: string[];
  emptyFiles: boolean[];
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
    names: [],
    emptyFiles: [],
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
  const outputs: number[] = [];
  let packed = 0;
  for (let i = 0; i < count; i++) {
    const { coders, bonds, streams, out } = readCoders(cursor);
    const simple = out === coders.length && streams === 1;
    header.folders.push({ coders, bonds, simple, sizes: [], size: 0, firstPacked: packed, fileSizes: [] });
    packed += streams;
    outputs.push(out);
  }
  for (let id = cursor.byte(); id !== END; id = cursor.byte()) {
    if (id === UNPACK_SIZE) readUnpackSizes(cursor, header, outputs);
    else if (id === CRC) skipDigests(cursor, count);
    else throw new Error("an unknown 7z folder section");
  }
  for (const folder of header.folders) folder.fileSizes = [folder.size];
}

function readUnpackSizes(cursor: Cursor, header: Header, outputs: readonly number[]): void {
  header.folders.forEach((folder, index) => {
    for (let i = 0; i < (outputs[index] ?? 0); i++) folder.sizes.push(cursor.number());
    const last = folder.sizes.findIndex((_, at) => !folder.bonds.some(({ output }) => output === at));
    folder.size = folder.sizes[last] ?? 0;
  });
}

interface Coders {
  coders: Folder["coders"];
  bonds: Folder["bonds"];
  streams: number;
  out: number;
}

function readCoders(cursor: Cursor): Coders {
  const count = cursor.count();
  if (count > 32) throw new Error("too many 7z coders");
  const coders: Folder["coders"] = [];
  let inputs = 0;
  let outputs = 0;
  for (let i = 0; i < count; i++) {
    const flags = cursor.byte();
    const method = cursor.take(flags & 15).toString("hex");
    const complex = (flags & 0x10) !== 0;
    inputs += complex ? cursor.count() : 1;
    outputs += complex ? cursor.count() : 1;
    const properties = flags & 0x20 ? Buffer.from(cursor.take(cursor.count())) : Buffer.alloc(0);
    coders.push({ method, properties });
  }
  const bound = Math.max(0, outputs - 1);
  if (bound > 64) throw new Error("too many 7z bonds");
  const bonds = Array.from({ length: bound }, () => ({ input: cursor.number(), output: cursor.number() }));
  const streams = inputs - bound;
  if (streams > 1) for (let i = 0; i < streams; i++) cursor.number();
  return { coders, bonds, streams, out: outputs };
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
    for (let i = 0; i + 1 < count; i++) {
      const size = id === SIZE ? cursor.number() : 0;
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
  for (let id = cursor.byte(); id !== END; id = cursor.byte()) {
    const size = cursor.number();
    const data = new Cursor(cursor.take(size));
    if (id === EMPTY_STREAM) header.emptyFiles = data.bits(count);
    else if (id === NAMES && data.byte() === 0) {
      header.names = data.bytes.toString("utf16le", 1).split("\0").slice(0, count);
    }
  }
}
