import { crc32 } from "node:zlib";
import { concat } from "./protobuf.js";

export interface Member {
  name: string;
  bytes: Uint8Array;
  /** The bytes are encrypted: readers ask for a password first (APPNOTE.TXT 4.4.4, bit 0). */
  encrypted?: boolean;
}

/** torch maps tensors straight from the file, so it starts every member's bytes at a multiple of this. */
const ALIGNMENT = 64;
/** 1980-01-01 in DOS form: a clock's time would change the digest with every run. */
const DOS_DATE = 0x0021;
const ENCRYPTION_HEADER = 12;

/** Little-endian fields: `[bytes, value]`. */
function pack(...fields: [2 | 4, number][]): Uint8Array {
  const packed = new Uint8Array(fields.reduce((total, [width]) => total + width, 0));
  const view = new DataView(packed.buffer);
  let at = 0;
  for (const [width, value] of fields) {
    if (width === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += width;
  }
  return packed;
}

/** torch's own filler: an extra field "FB" full of Z. */
function padding(offset: number, name: Uint8Array): Uint8Array {
  const start = offset + 30 + name.length + 4;
  const size = (ALIGNMENT - (start % ALIGNMENT)) % ALIGNMENT;
  return concat([pack([2, 0x4246], [2, size]), new Uint8Array(size).fill(0x5a)]);
}

/** What the local header and the central entry share, from "flags" to "name length". */
function shared(name: Uint8Array, { bytes, encrypted = false }: Member): Uint8Array {
  // The checksum and the size are those of what the password opens; a cipher puts 12 bytes before it (6.1.3).
  const plain = encrypted ? bytes.subarray(ENCRYPTION_HEADER) : bytes;
  return pack(
    [2, encrypted ? 1 : 0],
    [2, 0],
    [2, 0],
    [2, DOS_DATE],
    [4, crc32(plain)],
    [4, bytes.length],
    [4, plain.length],
    [2, name.length],
  );
}

/** A zip archive whose members are stored, not deflated (APPNOTE.TXT 4.3), as torch.save writes it. */
export function storedZip(members: readonly Member[]): Uint8Array {
  const local: Uint8Array[] = [];
  const central: Uint8Array[] = [];
  let offset = 0;
  for (const member of members) {
    const name = new TextEncoder().encode(member.name);
    const filler = padding(offset, name);
    const fields = shared(name, member);
    const header = [pack([4, 0x04034b50], [2, 20]), fields, pack([2, filler.length]), name, filler];
    const tail = pack([2, 0], [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]);
    central.push(pack([4, 0x02014b50], [2, 20], [2, 20]), fields, tail, name);
    const entry = concat([...header, member.bytes]);
    local.push(entry);
    offset += entry.length;
  }
  const directory = concat(central);
  const count = members.length;
  const end = pack(
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, count],
    [2, count],
    [4, directory.length],
    [4, offset],
    [2, 0],
  );
  return concat([...local, directory, end]);
}
