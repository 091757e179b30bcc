/** Writes pickles and archives byte by byte for tests. Nothing here is ever loaded. */

import { crc32, deflateRawSync } from "node:zlib";

type Piece = Uint8Array | number | string;

/** Joins bytes, numbers (one byte) and Latin-1 text. */
export function bytes(...pieces: Piece[]): Buffer {
  return Buffer.concat(
    pieces.map((piece) => {
      if (typeof piece === "number") return Buffer.from([piece]);
      return typeof piece === "string" ? Buffer.from(piece, "latin1") : Buffer.from(piece);
    }),
  );
}

export function u32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
}

export function u64(value: number | bigint): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(BigInt(value));
  return buffer;
}

/** SHORT_BINUNICODE. */
export function text(value: string): Buffer {
  const encoded = Buffer.from(value);
  return bytes(0x8c, encoded.length, encoded);
}

/** STACK_GLOBAL of two constants. */
export function global(module: string, name: string): Buffer {
  return bytes(text(module), text(name), 0x93);
}

/** A pickle of protocol 4 that calls `module.name(argument)`. */
export function call(module: string, name: string, argument = "echo pwned"): Buffer {
  return bytes(0x80, 4, global(module, name), text(argument), 0x85, "R.");
}

export const PAYLOAD: Buffer = call("os", "system");

export interface ZipMember {
  name: string;
  data: Uint8Array;
  /** What the central directory says, where it differs. */
  centralName?: string;
  deflate?: boolean;
  flags?: number;
  centralFlags?: number;
  crc?: number;
  /** Leave it out of the central directory. */
  hidden?: boolean;
}

export function zip(...members: ZipMember[]): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const member of members) {
    const packed = member.deflate ? deflateRawSync(member.data) : Buffer.from(member.data);
    const common = (flags: number): Buffer => {
      const fields = Buffer.alloc(26);
      fields.writeUInt16LE(20, 0);
      fields.writeUInt16LE(flags, 2);
      fields.writeUInt16LE(member.deflate ? 8 : 0, 4);
      fields.writeUInt32LE(member.crc ?? crc32(member.data), 10);
      fields.writeUInt32LE(packed.length, 14);
      fields.writeUInt32LE(member.data.length, 18);
      return fields;
    };
    const local = common(member.flags ?? 0);
    local.writeUInt16LE(member.name.length, 22);
    const entry = bytes("PK\x03\x04", local, member.name, packed);
    const listed = common(member.centralFlags ?? member.flags ?? 0);
    const name = member.centralName ?? member.name;
    listed.writeUInt16LE(name.length, 22);
    if (!member.hidden) central.push(bytes("PK\x01\x02", 20, 0, listed, Buffer.alloc(10), u32(offset), name));
    locals.push(entry);
    offset += entry.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt16LE(central.length, 8);
  end.writeUInt16LE(central.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

/** A tar file with one member. */
export function tar(name: string, data: Uint8Array, type = "0", link = ""): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write("0000644\0", 100);
  header.write(`${data.length.toString(8).padStart(11, "0")}\0`, 124);
  header.write(type, 156);
  header.write(link, 157);
  header.write("ustar\x0000", 257, "latin1");
  header.write("        ", 148);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return Buffer.concat([header, data, Buffer.alloc((512 - (data.length % 512)) % 512), Buffer.alloc(1024)]);
}
