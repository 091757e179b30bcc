import { inside, type Part, type Scan } from "../core/scan.js";
import { bytesSource } from "../core/source.js";
import { bunzip2 } from "./bzip2.js";
import { undoDelta, undoX86 } from "./filters.js";
import { inflate, type Unpacked } from "./inflate.js";
import { decodeLzma, lzmaProperties } from "./lzma.js";
import { type Folder, type Header, readHeader } from "./sevenzip-header.js";
import { decodeLzma2 } from "./xz.js";

const MAX_PACKED = 512 * 1024 * 1024;

/** Unpacks 7z archives made with Copy, LZMA, LZMA2, Deflate or BZip2 and examines every file. */
export function scanSevenZip(scan: Scan, part: Part): string {
  const head = part.source.read(0, 32);
  const offset = Number(head.readBigUInt64LE(12));
  const size = Number(head.readBigUInt64LE(20));
  const bytes = part.source.read(32 + offset, Math.min(size, MAX_PACKED));
  if (bytes.length < size) {
    scan.report("archive-broken", part, "The 7z header lies outside the file.");
    return "7z";
  }
  const header = decodeHeader(scan, part, bytes);
  if (header) extract(scan, part, header);
  return "7z";
}

/** The header may itself be packed, any number of times. */
function decodeHeader(scan: Scan, part: Part, first: Buffer): Header | undefined {
  let bytes = first;
  for (let depth = 0; depth < 4 && bytes.length > 0; depth++) {
    const header = readHeader(bytes);
    if (!header.encoded) return header;
    const folder = header.folders[0];
    const unpacked = folder ? unpackFolder(scan, part, header, folder) : undefined;
    if (!unpacked) return undefined;
    bytes = unpacked.bytes;
  }
  scan.report("archive-broken", part, "The 7z header cannot be unpacked.", { cause: "header" });
  return undefined;
}

function extract(scan: Scan, part: Part, header: Header): void {
  let file = 0;
  for (const folder of header.folders) {
    const unpacked = unpackFolder(scan, part, header, folder);
    let at = 0;
    for (const size of folder.fileSizes) {
      while (header.emptyFiles[file]) file++;
      const name = header.names[file++] ?? `file ${file}`;
      scan.budget.entry();
      if (unpacked) scan.examine(inside(part, name, bytesSource(unpacked.bytes.subarray(at, at + size))));
      at += size;
    }
    if (unpacked && unpacked.bytes.length < at) {
      scan.report("archive-broken", part, "A 7z folder unpacks to less than its files need.", {
        cause: "short",
      });
    }
  }
}

function unpackFolder(scan: Scan, part: Part, header: Header, folder: Folder): Unpacked | undefined {
  const size = header.packedSizes[folder.firstPacked] ?? 0;
  const start = header.packedOffsets[folder.firstPacked] ?? 0;
  const packed = part.source.read(32 + start, Math.min(size, MAX_PACKED));
  const limit = Math.min(scan.budget.room, folder.size);
  const unpacked = unpackChain(folder, packed, limit);
  if (!unpacked) return unsupported(scan, part, folder);
  scan.budget.unpack(unpacked.bytes.length);
  if (folder.size > limit) scan.report("limit-reached", part, "A 7z folder unpacks to more than the limit.");
  if (unpacked.error !== undefined) {
    scan.report("archive-broken", part, `A 7z folder cannot be unpacked to its end: ${unpacked.error}.`);
  }
  return unpacked;
}

function unsupported(scan: Scan, part: Part, folder: Folder): undefined {
  const encrypted = folder.coders.some(({ method }) => method === "06f10701");
  const rule = encrypted ? "archive-encrypted" : "archive-unsupported";
  const methods = folder.coders.map(({ method }) => method).join(", ");
  scan.report(rule, part, `A 7z folder uses the methods ${methods}.`, { cause: methods });
  return undefined;
}

/** Runs the packed stream through the folder's coders in the order that their bonds say. */
function unpackChain(folder: Folder, packed: Buffer, limit: number): Unpacked | undefined {
  if (!folder.simple) return undefined;
  let index = folder.coders.findIndex((_, at) => !folder.bonds.some(({ input }) => input === at));
  let current: Unpacked = { bytes: packed, consumed: packed.length, cut: false };
  for (let steps = 0; steps < folder.coders.length; steps++) {
    const coder = folder.coders[index];
    const next = coder && unpackCoder(coder, current.bytes, folder.sizes[index] ?? folder.size, limit);
    if (!next) return undefined;
    current = next;
    index = folder.bonds.find(({ output }) => output === index)?.input ?? -1;
    if (next.error !== undefined || index < 0) break;
  }
  return current;
}

function filtered(bytes: Buffer): Unpacked {
  return { bytes, consumed: bytes.length, cut: false };
}

function unpackCoder(
  coder: { method: string; properties: Buffer },
  packed: Buffer,
  size: number,
  limit: number,
): Unpacked | undefined {
  switch (coder.method) {
    case "00":
      return { bytes: packed.subarray(0, limit), consumed: packed.length, cut: false };
    case "030101": {
      const properties = lzmaProperties(coder.properties);
      return properties && decodeLzma(packed, properties, size, limit);
    }
    case "21": {
      const { bytes, end, cut } = decodeLzma2(packed, 0, limit);
      return { bytes, consumed: end, cut };
    }
    case "040108":
      return inflate(packed, limit);
    case "040202":
      return bunzip2(packed, limit);
    case "03030103":
    case "04":
      return filtered(undoX86(packed));
    case "03":
      return filtered(undoDelta(packed, (coder.properties[0] ?? 0) + 1));
    default:
      return undefined;
  }
}
