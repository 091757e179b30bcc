import { inside, type Part, type Scan } from "../core/scan.js";
import { type Source, slice } from "../core/source.js";
import { Input } from "./input.js";
import { Paths } from "./links.js";
import { show } from "./paths.js";

interface Packed {
  name: string;
  stored: boolean;
  encrypted: boolean;
  /** The member goes on in another volume. */
  split: boolean;
  size: number;
  data: Source;
}

interface Block {
  file: Packed | undefined;
  encrypted: boolean;
  next: number;
  last: boolean;
}

const SIGNATURE_4 = 7;
const SIGNATURE_5 = 8;

/** Lists a RAR archive and examines the members that are stored; the compression is nobody's but its maker's. */
export function scanRar(scan: Scan, part: Part): string {
  const fifth = part.source.read(6, 2).equals(Buffer.from([1, 0]));
  const read = fifth ? readBlock5 : readBlock4;
  const paths = new Paths(scan, part);
  let at = fifth ? SIGNATURE_5 : SIGNATURE_4;
  while (at < part.source.size) {
    scan.budget.entry();
    const block = read(part.source, at);
    if (!block) {
      scan.report("archive-broken", part, "A RAR header is damaged.", { offset: at, cause: "rar" });
      break;
    }
    if (block.encrypted) {
      scan.report("archive-encrypted", part, "The list of the RAR archive is encrypted.", { offset: at });
      break;
    }
    if (block.file) examine(scan, part, paths, block.file);
    if (block.last || block.next <= at) break;
    at = block.next;
  }
  paths.finish();
  return "rar";
}

function examine(scan: Scan, part: Part, paths: Paths, file: Packed): void {
  const { name, data } = file;
  paths.member(name);
  if (file.size === 0 && data.size === 0) return;
  const cause = { cause: name };
  if (file.encrypted) scan.report("archive-encrypted", part, `The member ${show(name)} is encrypted.`, cause);
  else if (!file.stored)
    scan.report("archive-unsupported", part, `The member ${show(name)} is compressed by RAR.`, cause);
  else if (file.split)
    scan.report("archive-broken", part, `The member ${show(name)} goes on in another volume.`, cause);
  else scan.examine(inside(part, name, data));
}

const FILE_4 = 0x74;
const ADDED_4 = 0x7a;

/** RAR 1.5 to 4 (the technical note of RAR 4). */
function readBlock4(source: Source, at: number): Block | undefined {
  const head = source.read(at, 7);
  if (head.length < 7) return undefined;
  const type = head[2] ?? 0;
  const flags = head.readUInt16LE(3);
  const data = at + Math.max(7, head.readUInt16LE(5));
  if (type < 0x72 || type > 0x7b) return undefined;
  if (type === FILE_4) return readFile4(source, at, flags, data);
  const added = type === ADDED_4 || (flags & 0x8000) !== 0 ? source.read(at + 7, 4) : Buffer.alloc(4);
  if (added.length < 4) return undefined;
  const encrypted = type === 0x73 && (flags & 0x80) !== 0;
  return { file: undefined, encrypted, next: data + added.readUInt32LE(0), last: type === 0x7b };
}

function readFile4(source: Source, at: number, flags: number, data: number): Block | undefined {
  const rest = source.read(at + 7, data - at - 7);
  const wide = (flags & 0x100) !== 0;
  const nameAt = wide ? 33 : 25;
  if (rest.length < nameAt) return undefined;
  const packed = rest.readUInt32LE(0) + (wide ? rest.readUInt32LE(25) * 2 ** 32 : 0);
  const name = rest.toString("latin1", nameAt, nameAt + rest.readUInt16LE(19));
  const file: Packed = {
    name: name.split("\0", 1)[0] ?? "",
    stored: rest[18] === 0x30,
    encrypted: (flags & 4) !== 0,
    split: (flags & 3) !== 0,
    size: rest.readUInt32LE(4),
    data: slice(source, data, packed),
  };
  return { file, encrypted: false, next: data + packed, last: false };
}

const FILE = 2;
const SERVICE = 3;
const ENCRYPTION = 4;
const LAST = 5;

/** RAR 5 (the technical note of RAR 5.0). */
function readBlock5(source: Source, at: number): Block | undefined {
  const input = new Input(source, at + 4);
  const size = variable(input);
  const start = input.position;
  const type = variable(input);
  const flags = variable(input);
  if (size === 0 || type === 0 || type > LAST) return undefined;
  const extra = flags & 1 ? variable(input) : 0;
  const packed = flags & 2 ? variable(input) : 0;
  const data = start + size;
  const block: Block = {
    file: undefined,
    encrypted: type === ENCRYPTION,
    next: data + packed,
    last: type === LAST,
  };
  if (type !== FILE && type !== SERVICE) return block;
  const fields = variable(input);
  const unpacked = variable(input);
  variable(input);
  if (fields & 2) input.take(4);
  if (fields & 4) input.take(4);
  const method = (variable(input) >> 7) & 7;
  variable(input);
  const name = input.take(Math.min(variable(input), 65_536)).toString("utf8");
  if (type === SERVICE) return block;
  block.file = {
    name,
    stored: method === 0,
    encrypted: isEncrypted(source.read(data - extra, extra)),
    split: (flags & 0x18) !== 0,
    size: unpacked,
    data: slice(source, data, packed),
  };
  return block;
}

/** Whether the extra records hold one of encryption (type 1). */
function isEncrypted(extra: Buffer): boolean {
  for (let at = 0; at + 1 < extra.length; at += (extra[at] ?? 0) + 1) if (extra[at + 1] === 1) return true;
  return false;
}

function variable(input: Input): number {
  let value = 0;
  for (let shift = 0; shift < 56; shift += 7) {
    const byte = input.byte();
    value += (byte & 0x7f) * 2 ** shift;
    if (!(byte & 0x80)) return value;
  }
  throw new Error("bad RAR number");
}
