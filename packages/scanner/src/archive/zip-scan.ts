import { crc32 } from "node:zlib";
import { examineEnd } from "../content/search.js";
import { inside, type Part, type Scan } from "../core/scan.js";
import { bytesSource, indexOf, isZero, type Source, slice } from "../core/source.js";
import { carve } from "../pickle/streams.js";
import { memberUnpacker } from "./methods.js";
import { show } from "./paths.js";
import { reportUnpacked, statesSize, type Unpacked, unpack } from "./unpack.js";
import { type Entry, readZip, type ZipListing } from "./zip.js";
import { reportNames, reportOverlap, reportPaths } from "./zip-names.js";

/** One version of one member, ready to be examined. */
export interface Member {
  name: string;
  part: Part;
  entry: Entry;
}

export interface ZipContent {
  members: Member[];
  listing: ZipListing;
  /** Opens a member; undefined when it cannot be unpacked (already reported). */
  open(member: Member): Source | undefined;
}

/** Lists every version of every member and reports where the lists of the archive disagree. */
export function openZip(scan: Scan, part: Part): ZipContent {
  const listing = readZip(part.source, scan.budget);
  for (const problem of listing.problems) {
    scan.report("archive-broken", part, `The zip file is damaged: ${problem}.`, { cause: "broken" });
  }
  for (const message of listing.disagreements) {
    scan.report("archive-disagreement", part, message, { offset: listing.end, cause: "end" });
  }
  reportOutside(scan, part, listing);
  const entries = reconcile(scan, part, listing);
  reportOverlap(scan, part, entries);
  const members = entries.map((entry) => {
    const name = entry.name.split("\0", 1)[0] ?? "";
    return { name, entry, part: inside(part, name, bytesSource(new Uint8Array())) };
  });
  reportNames(scan, part, entries);
  const open = (member: Member): Source | undefined => openMember(scan, part, member);
  scan.scoped(() => reportPaths(scan, { part, members, open }));
  return { members, listing, open };
}

function reportOutside(scan: Scan, part: Part, listing: ZipListing): void {
  const first = listing.local[0]?.header ?? 0;
  if (first > 0 && !part.follows) {
    scan.report("archive-hidden-data", part, `${first} bytes lie before the first member of the zip file.`, {
      offset: 0,
    });
    const other = part.source.read(0, 2).toString("latin1") !== "PK";
    if (!other && !isZero(part.source, 0, Math.min(first, 65536))) {
      scan.examine(inside(part, "bytes before the archive", slice(part.source, 0, first)));
    }
  }
  const after = listing.end + 22;
  if (listing.end >= part.source.size || after >= part.source.size) return;
  carve(scan, part, after, part.source.size);
  examineEnd(scan, part, after);
}

/** Pairs central entries with local headers. Where they differ, both readings are kept. */
function reconcile(scan: Scan, part: Part, listing: ZipListing): Entry[] {
  const locals = new Map(listing.local.map((entry) => [entry.header, entry]));
  const entries: Entry[] = [];
  const listed = new Set<number>();
  for (const central of listing.central) {
    const local = locals.get(central.header);
    if (!local) continue;
    listed.add(central.header);
    entries.push({ ...central, data: local.data });
    const difference = compare(central, local);
    if (difference === undefined) continue;
    const message = `The member ${show(central.name)} ${difference}.`;
    scan.report("archive-disagreement", part, message, { offset: central.header, cause: central.name });
    if (local.name !== central.name || local.method !== central.method || local.packed !== central.packed)
      entries.push(local);
  }
  for (const local of locals.values()) {
    if (listed.has(local.header)) continue;
    if (listing.central.length > 0) {
      const message = `The member ${show(local.name)} is missing from the central directory.`;
      scan.report("archive-disagreement", part, message, { offset: local.header, cause: local.name });
    }
    entries.push(local);
  }
  return entries;
}

function compare(central: Entry, local: Entry): string | undefined {
  if (central.raw !== local.raw || central.name !== local.name)
    return `is called ${show(local.name)} in its own header`;
  if (central.method !== local.method) return "has another compression method in its own header";
  if ((central.flags & 0x61) !== (local.flags & 0x61)) return "has other flags in its own header";
  const deferred = (local.flags & 8) !== 0 || local.packed === 0xffffffff;
  if (!deferred && (central.packed !== local.packed || central.size !== local.size)) {
    return "has another size in its own header";
  }
  if (!deferred && local.crc !== 0 && central.crc !== local.crc)
    return "has another checksum in its own header";
  return undefined;
}

function openMember(scan: Scan, part: Part, { part: member, entry }: Member): Source | undefined {
  const packed = slice(part.source, entry.data, entry.packed);
  if (packed.size < entry.packed) {
    scan.report("archive-broken", member, "The member ends beyond the end of the file.", {
      cause: "truncated",
    });
  }
  const unpacker = memberUnpacker(entry);
  const stated =
    looksLikeBomb(scan, entry) && unpacker && statesSize((out) => unpacker(packed, out), entry.size);
  const sample = stated ? undefined : reportBomb(scan, member, entry);
  if (entry.method === 0 && !(entry.flags & 1)) return openStored(scan, part, member, entry);
  const unpacked = unpacker && unpack(scan, packed.size, (out) => unpacker(packed, out), sample);
  if (entry.flags & 1) return reportEncrypted(scan, member, entry, unpacked);
  if (!unpacked) {
    scan.report(
      "archive-unsupported",
      member,
      `The member uses the zip method ${METHOD_NAMES[entry.method] ?? entry.method}.`,
      {
        cause: "method",
      },
    );
    return undefined;
  }
  reportUnpacked(scan, member, packed.size, unpacked);
  if (unpacked.cut !== undefined || unpacked.error !== undefined) return unpacked.source;
  checkSum(scan, member, entry, unpacked.source.size, unpacked.crc);
  if (entry.method === 8 && unpacked.consumed < packed.size)
    reportBehind(scan, member, slice(packed, unpacked.consumed, packed.size));
  return unpacked.source;
}

/** Methods that cannot be unpacked here (APPNOTE 4.4.5). */
const METHOD_NAMES: Readonly<Record<number, string>> = {
  1: "Shrink",
  6: "Implode",
  94: "MP3",
  97: "WavPack",
  98: "PPMd",
  99: "AES",
};

/** miniz reads as many stored bytes as the unpacked size says, Python as many as the packed size says. */
function openStored(scan: Scan, part: Part, member: Part, { data, packed, size, flags }: Entry): Source {
  if (packed !== size && !(flags & 8 && size === 0)) {
    const message = "The member is not compressed, and yet its two sizes differ.";
    scan.report("archive-disagreement", member, message, { cause: "sizes" });
  }
  return slice(part.source, data, Math.max(packed, size));
}

/** Readers that go from header to header find other members where the stream ends than where the directory says. */
function reportBehind(scan: Scan, member: Part, rest: Source): void {
  const message = `${rest.size} bytes follow the end of the member's stream.`;
  scan.report("archive-hidden-data", member, message, { cause: "behind" });
  const at = indexOf(rest, LOCAL_MAGIC);
  if (at >= 0) scan.examine(inside(member, "bytes behind the stream", slice(rest, at, rest.size)));
  else carve(scan, { ...member, source: rest }, 0, rest.size);
}

const LOCAL_MAGIC = Buffer.from("PK\x03\x04", "latin1");

function looksLikeBomb({ budget: { limits } }: Scan, { size, packed }: Entry): boolean {
  return size > limits.bombBytes && size / Math.max(1, packed) > limits.ratio;
}

/** Believes an archive that says itself that a member is a bomb: only a sample of it is unpacked. */
function reportBomb(scan: Scan, member: Part, entry: Entry): number | undefined {
  if (!looksLikeBomb(scan, entry)) return undefined;
  const message = `${entry.packed} bytes unpack to ${entry.size} bytes.`;
  scan.report("archive-bomb", member, message, { cause: "bomb" });
  const cut = "Only the beginning of the unpacked bytes was examined.";
  scan.report("limit-reached", member, cut, { cause: "size" });
  return scan.budget.bomb();
}

/** Torch and others ignore the encryption flag: when the bytes read well without a password, they are read. */
function reportEncrypted(
  scan: Scan,
  member: Part,
  entry: Entry,
  unpacked: Unpacked | undefined,
): Source | undefined {
  if (unpacked && unpacked.crc === entry.crc) {
    scan.report("archive-disagreement", member, "The member claims to be encrypted and is not.", {
      cause: "flag",
    });
    return unpacked.source;
  }
  scan.report("archive-encrypted", member, "The member is encrypted and was not examined.", {
    cause: "encrypted",
  });
  return undefined;
}

function checkSum(scan: Scan, member: Part, entry: Entry, size: number, crc: number): void {
  if (size === entry.size && crc === entry.crc) return;
  scan.report("archive-checksum", member, "The unpacked bytes do not match the member's size or checksum.", {
    cause: "crc",
  });
}

const MAX_CHECKED = 64 * 1024 * 1024;

/** Checks a stored member that is examined (not tensor bytes, which loaders do not check either). */
export function checkStored(scan: Scan, member: Member, source: Source): void {
  const { entry } = member;
  if (entry.method !== 0 || entry.flags & 1 || source.size > MAX_CHECKED) return;
  checkSum(scan, member.part, entry, source.size, crc32(source.read(0, source.size)));
}

/** Nothing is packed; an empty deflate stream takes two bytes. */
export function isEmpty({ method, size, packed }: Entry): boolean {
  return size === 0 && packed <= (method === 0 ? 0 : 2);
}
