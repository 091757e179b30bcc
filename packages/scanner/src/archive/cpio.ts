import { inside, type Part, type Scan } from "../core/scan.js";
import { type Source, slice } from "../core/source.js";
import { Paths } from "./links.js";

interface CpioHeader {
  mode: number;
  nameSize: number;
  size: number;
  /** Bytes of the header before the name. */
  length: number;
  /** To what a name with its header and the data are filled up. */
  alignment: number;
}

const MAX_NAME = 65_536;
const TRAILER = "TRAILER!!!";

/** Whether a cpio header stands at the beginning: the portable forms, or the old binary one in either byte order. */
export function isCpio(head: Buffer): boolean {
  const header = readHeader(head);
  if (!header) return false;
  return header.nameSize > 1 && header.nameSize <= MAX_NAME && (header.mode & 0o170000) !== 0;
}

function readHeader(head: Buffer): CpioHeader | undefined {
  const magic = head.toString("latin1", 0, 6);
  if (magic === "070701" || magic === "070702") return readNew(head);
  if (magic === "070707") return readOld(head);
  if (head.length < 26) return undefined;
  if (head.readUInt16LE(0) === 0o070707) return readBinary(head, (at) => head.readUInt16LE(at));
  if (head.readUInt16BE(0) === 0o070707) return readBinary(head, (at) => head.readUInt16BE(at));
  return undefined;
}

function readNew(head: Buffer): CpioHeader | undefined {
  const field = (index: number): number => number(head, 6 + 8 * index, 8, 16);
  return whole({ mode: field(1), size: field(6), nameSize: field(11), length: 110, alignment: 4 });
}

function readOld(head: Buffer): CpioHeader | undefined {
  return whole({
    mode: number(head, 18, 6, 8),
    nameSize: number(head, 59, 6, 8),
    size: number(head, 65, 11, 8),
    length: 76,
    alignment: 1,
  });
}

function readBinary(head: Buffer, word: (at: number) => number): CpioHeader | undefined {
  if (head.length < 26) return undefined;
  const size = word(22) * 65_536 + word(24);
  return whole({ mode: word(6), nameSize: word(20), size, length: 26, alignment: 2 });
}

function number(head: Buffer, at: number, length: number, base: 8 | 16): number {
  const text = head.toString("latin1", at, at + length);
  const digits = base === 8 ? /^[0-7]+$/ : /^[0-9a-fA-F]+$/;
  return text.length === length && digits.test(text) ? Number.parseInt(text, base) : Number.NaN;
}

function whole(header: CpioHeader): CpioHeader | undefined {
  return Number.isNaN(header.mode + header.size + header.nameSize) ? undefined : header;
}

/** Reads the members of a cpio archive: packages of Red Hat carry one. */
export function scanCpio(scan: Scan, part: Part): string {
  const { source } = part;
  const paths = new Paths(scan, part);
  for (let at = 0; at < source.size; ) {
    scan.budget.entry();
    const header = readHeader(source.read(at, 110));
    if (!header || header.nameSize > MAX_NAME) {
      scan.report("archive-broken", part, "A cpio header is damaged.", { offset: at, cause: "cpio" });
      break;
    }
    const { length, nameSize, alignment, size } = header;
    const name =
      source
        .read(at + length, nameSize)
        .toString("utf8")
        .split("\0", 1)[0] ?? "";
    const data = fill(at + length + nameSize, alignment);
    if (name === TRAILER) break;
    if (data + size > source.size)
      scan.report("archive-broken", part, "The cpio file ends inside a member.", {
        offset: at,
        cause: "cpio",
      });
    examine(scan, part, paths, { name, mode: header.mode, at, data: slice(source, data, size) });
    at = fill(data + size, alignment);
  }
  paths.finish();
  return "cpio";
}

interface Member {
  name: string;
  mode: number;
  at: number;
  data: Source;
}

function examine(scan: Scan, part: Part, paths: Paths, { name, mode, at, data }: Member): void {
  const kind = mode & 0o170000;
  paths.member(name, at);
  if (kind === 0o120000) paths.symbolic(name, data.read(0, MAX_NAME).toString("utf8"), at);
  else if (kind !== 0o040000 && data.size > 0) scan.examine(inside(part, name, data));
}

function fill(position: number, alignment: number): number {
  return Math.ceil(position / alignment) * alignment;
}

const RPM_LEAD = 96;
const RPM_HEADER = Buffer.from([0x8e, 0xad, 0xe8, 0x01]);

/** An RPM package: a lead, two headers, then a compressed cpio archive. */
export function scanRpm(scan: Scan, part: Part): string {
  let at = RPM_LEAD;
  for (const alignment of [8, 1]) {
    const head = part.source.read(at, 16);
    if (head.length < 16 || !head.subarray(0, 4).equals(RPM_HEADER)) {
      scan.report("archive-broken", part, "An RPM header is damaged.", { offset: at, cause: "rpm" });
      return "rpm";
    }
    at = fill(at + 16 + 16 * head.readUInt32BE(8) + head.readUInt32BE(12), alignment);
  }
  scan.examine(inside(part, "payload", slice(part.source, at, part.source.size)));
  return "rpm";
}
