// Containers are unpacked, changed inside (or in their lists) and packed again with sizes, checksums and directories that fit.
import {
  crc32,
  deflateRawSync,
  deflateSync,
  gunzipSync,
  gzipSync,
  inflateRawSync,
  inflateSync,
} from "node:zlib";
import { mutateBytes } from "./mutate-bytes.mjs";

const MAX = 1 << 20;

function attempt(work) {
  try {
    return work();
  } catch {
    return undefined;
  }
}

function unpackZip(data) {
  const end = data.lastIndexOf("PK\x05\x06", undefined, "latin1");
  if (end < 0 || end + 22 > data.length) return undefined;
  const members = [];
  let at = data.readUInt32LE(end + 16);
  while (at + 46 <= data.length && data.readUInt32LE(at) === 0x02014b50 && members.length < 200) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) =>
      data.readUInt16LE(at + field),
    );
    const header = data.readUInt32LE(at + 42);
    const method = data.readUInt16LE(at + 10);
    const packedSize = data.readUInt32LE(at + 20);
    if (header + 30 > data.length) return undefined;
    const start = header + 30 + data.readUInt16LE(header + 26) + data.readUInt16LE(header + 28);
    const packed = data.subarray(start, start + packedSize);
    const content = method === 8 ? attempt(() => inflateRawSync(packed, { maxOutputLength: MAX })) : packed;
    members.push({
      name: data.subarray(at + 46, at + 46 + nameLength),
      extra: data.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength),
      method,
      flags: data.readUInt16LE(at + 8),
      external: data.readUInt32LE(at + 38),
      size: data.readUInt32LE(at + 24),
      crc: data.readUInt32LE(at + 16),
      content: content ?? packed,
      opaque: method !== 0 && (method !== 8 || content === undefined),
    });
    at += 46 + nameLength + extraLength + commentLength;
  }
  return members.length > 0 ? members : undefined;
}

function fields(member, packed, local) {
  const out = Buffer.alloc(26);
  const deferred = local && (member.flags & 8) !== 0;
  out.writeUInt16LE(20, 0);
  out.writeUInt16LE(member.flags, 2);
  out.writeUInt16LE((local ? member.localMethod : undefined) ?? member.method, 4);
  if (!deferred) {
    out.writeUInt32LE(member.opaque ? member.crc : crc32(member.content), 10);
    out.writeUInt32LE(packed.length, 14);
    out.writeUInt32LE(member.opaque ? member.size : member.content.length, 18);
  }
  out.writeUInt16LE(member.extra.length, 24);
  return out;
}

/** A member as `packZip` takes it. */
export function plainMember(name, content, method) {
  return { name: Buffer.from(name), extra: Buffer.alloc(0), method, flags: 0, external: 0, content };
}

export function packZip(random, members, odd = false) {
  const locals = odd && random.chance(20) ? [Buffer.alloc(random.below(40), random.below(256))] : [];
  let offset = locals.reduce((sum, part) => sum + part.length, 0);
  const central = [];
  for (const member of members) {
    const packed =
      member.method === 8 && !member.opaque
        ? deflateRawSync(member.content, { level: random.below(3) })
        : member.content;
    const local = fields(member, packed, true);
    const listed = fields(member, packed, false);
    const name = member.localName ?? member.name;
    local.writeUInt16LE(name.length, 22);
    listed.writeUInt16LE(member.name.length, 22);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(member.external, 6);
    tail.writeUInt32LE(offset, 10);
    const entry = [Buffer.from("PK\x03\x04", "latin1"), local, name, member.extra, packed];
    if (member.flags & 8) entry.push(descriptor(random, member, packed));
    if (!member.hidden)
      central.push(
        Buffer.concat([Buffer.from("PK\x01\x02\x14\0", "latin1"), listed, tail, member.name, member.extra]),
      );
    locals.push(...entry);
    offset += entry.reduce((sum, part) => sum + part.length, 0);
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt16LE(central.length, 8);
  end.writeUInt16LE(central.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([
    ...locals,
    directory,
    ...zip64(odd && random.chance(12), central.length, directory.length, offset),
    end,
  ]);
}

function descriptor(random, member, packed) {
  const out = Buffer.alloc(random.chance(4) ? 24 : 16);
  out.write("PK\x07\x08", 0, "latin1");
  out.writeUInt32LE(member.opaque ? member.crc : crc32(member.content), 4);
  out.writeUInt32LE(packed.length, 8);
  out.writeUInt32LE(member.opaque ? member.size : member.content.length, out.length === 24 ? 16 : 12);
  return random.chance(6) ? out.subarray(4) : out;
}

function zip64(wanted, count, size, offset) {
  if (!wanted) return [];
  const record = Buffer.alloc(56);
  record.write("PK\x06\x06", 0, "latin1");
  record.writeBigUInt64LE(44n, 4);
  record.writeBigUInt64LE(BigInt(count), 24);
  record.writeBigUInt64LE(BigInt(count), 32);
  record.writeBigUInt64LE(BigInt(size), 40);
  record.writeBigUInt64LE(BigInt(offset), 48);
  const locator = Buffer.alloc(20);
  locator.write("PK\x06\x07", 0, "latin1");
  locator.writeBigUInt64LE(BigInt(offset + size), 8);
  locator.writeUInt32LE(1, 16);
  return [record, locator];
}

const NAMES = [
  "config.json",
  "metadata.json",
  "model.weights.h5",
  "archive/data.pkl",
  "archive/data/0",
  "archive/version",
  "archive/code/a.py",
  "archive/constants.pkl",
  "a.npy",
  "schema.json",
  "MAR-INF/MANIFEST.json",
  "../x",
  "/x",
  "a.pkl\0.txt",
  "C:\\x",
  "x/",
  "archive/byteorder",
  "saved_model.pb",
  "model.onnx",
  "archive/.data/serialization_id",
];

function changeMember(random, members, context) {
  const at = random.below(members.length);
  const member = members[at];
  switch (random.below(14)) {
    case 0:
      members.splice(at, members.length > 1 ? 1 : 0);
      break;
    case 1:
      members.splice(random.below(members.length), 0, { ...member });
      break;
    case 2:
      member.name = Buffer.from(random.chance(2) ? random.pick(NAMES) : (random.pick(context.words) ?? "x"));
      break;
    case 3:
      member.localName = Buffer.from(random.pick(NAMES));
      break;
    case 4:
      if (!member.opaque) member.method = random.pick([0, 8]);
      break;
    case 5:
      member.flags ^= random.pick([1, 8, 0x20, 0x40, 0x800]);
      break;
    case 6:
      member.external = random.pick([0, 0xa1ff0000, 0x81a40000]);
      break;
    case 7:
      member.extra = Buffer.from([
        1,
        0,
        random.below(30),
        0,
        ...Buffer.alloc(random.below(30), random.below(256)),
      ]);
      break;
    case 8:
      member.hidden = random.chance(2);
      break;
    case 9:
      member.localMethod = random.pick([0, 8, 12, 14, 93, 95, 97, 9]);
      break;
    default:
      if (!member.opaque || random.chance(2))
        member.content = context.inner(random, member.content, String(member.name));
  }
}

export function mutateZip(random, input, context) {
  const members = random.chance(6) ? undefined : unpackZip(input);
  if (!members) return mutateBytes(random, input, context);
  const count = 1 + random.below(3);
  for (let i = 0; i < count; i++) changeMember(random, members, context);
  const packed = packZip(random, members, true);
  return random.chance(8) ? mutateBytes(random, packed, context) : packed;
}

function checksum(header) {
  header.fill(0x20, 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
}

const TYPES = ["0", "\0", "1", "2", "3", "5", "7", "L", "K", "x", "g", "S", "V", "D", "N"];

export function mutateTar(random, input, context) {
  if (random.chance(6)) return mutateBytes(random, input, context);
  const members = [];
  for (let at = 0; at + 512 <= input.length && input[at] !== 0 && members.length < 100; ) {
    const header = Buffer.from(input.subarray(at, at + 512));
    const size = Number.parseInt(header.toString("latin1", 124, 135), 8) || 0;
    members.push({ header, content: input.subarray(at + 512, at + 512 + size) });
    at += 512 + Math.ceil(size / 512) * 512;
  }
  if (members.length === 0) return mutateBytes(random, input, context);
  for (let i = 1 + random.below(3); i > 0; i--) changeTar(random, members, context);
  const blocks = members.flatMap(({ header, content, raw }) => {
    if (!raw) header.write(`${content.length.toString(8).padStart(11, "0")}\0`, 124, "latin1");
    checksum(header);
    return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(random.chance(4) ? 0 : 1024)]);
}

function changeTar(random, members, context) {
  const at = random.below(members.length);
  const member = members[at];
  switch (random.below(8)) {
    case 0:
      members.splice(at, members.length > 1 ? 1 : 0);
      break;
    case 1:
      members.splice(at, 0, { header: Buffer.from(member.header), content: member.content });
      break;
    case 2:
      member.header[156] = random.pick(TYPES).charCodeAt(0);
      break;
    case 3:
      member.header.fill(0, 0, 100);
      member.header.write(random.pick(NAMES), 0, "latin1");
      break;
    case 4:
      member.header.fill(0, 157, 257);
      member.header.write(random.pick(NAMES), 157, "latin1");
      break;
    case 5:
      member.raw = true;
      mutateBytes(random, member.header.subarray(124, 136), context).copy(member.header, 124);
      break;
    case 6:
      mutateBytes(random, member.header.subarray(156, 512), context).copy(member.header, 156);
      break;
    default:
      member.content = context.inner(random, member.content, "");
  }
}

const LIMIT = { maxOutputLength: MAX };

export function mutateGzip(random, input, context) {
  const content = random.chance(4) ? undefined : attempt(() => gunzipSync(input, LIMIT));
  if (!content) return mutateBytes(random, input, context);
  return gzipSync(context.inner(random, content, ""), { level: 1 + random.below(2) });
}

export function mutateZlib(random, input, context) {
  const content = random.chance(4) ? undefined : attempt(() => inflateSync(input, LIMIT));
  if (!content) return mutateBytes(random, input, context);
  return deflateSync(context.inner(random, content, ""), { level: 1 + random.below(2) });
}

export function mutateZfile(random, input, context) {
  return Buffer.concat([input.subarray(0, 21), mutateZlib(random, input.subarray(21), context)]);
}

function crc(bytes) {
  const out = Buffer.alloc(4);
  out.writeUInt32LE(crc32(bytes));
  return out;
}

/** Content in an LZMA2 stream of chunks that are not compressed, in an .xz file with checksums that fit. */
export function packXz(content) {
  const chunks = [];
  for (let at = 0; at < content.length; at += 0x10000) {
    const chunk = content.subarray(at, at + 0x10000);
    chunks.push(Buffer.from([at === 0 ? 1 : 2, (chunk.length - 1) >> 8, (chunk.length - 1) & 255]), chunk);
  }
  const body = Buffer.concat([...chunks, Buffer.from([0])]);
  const header = Buffer.from([2, 0, 0x21, 1, 0x16, 0, 0, 0]);
  const index = Buffer.from([0, 0, 0, 0]);
  const flags = Buffer.from([0, 0]);
  const footer = Buffer.concat([Buffer.from([0, 0, 0, 0]), flags]);
  const magic = Buffer.from("fd377a585a00", "hex");
  const padding = Buffer.alloc((4 - (body.length % 4)) % 4);
  return Buffer.concat([
    magic,
    flags,
    crc(flags),
    header,
    crc(header),
    body,
    padding,
    index,
    crc(index),
    crc(footer),
    footer,
    Buffer.from("YZ"),
  ]);
}

export function packLz4(content) {
  const blocks = [];
  for (let at = 0; at < content.length; at += 0x10000) {
    const block = content.subarray(at, at + 0x10000);
    const size = Buffer.alloc(4);
    size.writeUInt32LE((block.length | 0x80000000) >>> 0);
    blocks.push(size, block);
  }
  return Buffer.concat([Buffer.from("04224d18604073", "hex"), ...blocks, Buffer.alloc(4)]);
}

export function packZstd(content) {
  const head = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0, 0, 0, 0]);
  head.writeUInt32LE(content.length, 5);
  const blocks = [];
  for (let at = 0; at === 0 || at < content.length; at += 0x10000) {
    const block = content.subarray(at, at + 0x10000);
    const size = block.length * 8 + (at + 0x10000 >= content.length ? 1 : 0);
    blocks.push(Buffer.from([size & 255, (size >> 8) & 255, size >> 16]), block);
  }
  return Buffer.concat([head, ...blocks]);
}

/** Compressions without a packer here: bytes of the stream, or other content in blocks that are only stored. */
export function repacked(pack) {
  return (random, input, context) =>
    random.chance(4)
      ? pack(context.inner(random, context.seedContent(), ""))
      : mutateBytes(random, input, context);
}
