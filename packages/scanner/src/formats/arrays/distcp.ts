import { inside, type Part, type Scan } from "../../core/scan.js";
import { indexOf, type Source, slice } from "../../core/source.js";
import { scanZip } from "../bundles/zip.js";

const END = Buffer.from("PK\x05\x06", "latin1");
const CENTRAL = Buffer.from("PK\x01\x02", "latin1");
const LOCATOR = Buffer.from("PK\x06\x07", "latin1");
const MAX_ARCHIVES = 65_536;

/**
 * A shard of `torch.distributed.checkpoint`: what one `torch.save` after another wrote, told apart by offsets in the
 * checkpoint's `.metadata`. Each is an archive of its own.
 */
export function scanDistcp(scan: Scan, part: Part): string {
  const { source } = part;
  let at = 0;
  for (let count = 0; count < MAX_ARCHIVES && at < source.size; count++) {
    scan.budget.entry();
    const end = archiveEnd(source, at);
    if (end === undefined) break;
    scan.examine(inside(part, `archive ${count}`, slice(source, at, end - at)));
    at = end;
  }
  if (at === 0) return scanZip(scan, part);
  if (at < source.size) scan.examine(inside(part, "rest", slice(source, at, source.size - at)));
  return "torch-distcp";
}

/** Where the archive ends that begins here; the bytes of tensors may read like an end, but not lead to a directory. */
function archiveEnd(source: Source, start: number): number | undefined {
  for (let at = indexOf(source, END, start); at >= 0; at = indexOf(source, END, at + 4)) {
    const record = source.read(at, 22);
    if (record.length < 22) return undefined;
    const directory = start + directoryOffset(source, start, at, record);
    if (directory < at && source.read(directory, 4).equals(CENTRAL)) return at + 22 + record.readUInt16LE(20);
  }
  return undefined;
}

function directoryOffset(source: Source, start: number, end: number, record: Buffer): number {
  const offset = record.readUInt32LE(16);
  if (offset !== 0xffffffff) return offset;
  const locator = source.read(Math.max(start, end - 20), 20);
  if (locator.length < 20 || !locator.subarray(0, 4).equals(LOCATOR)) return Number.POSITIVE_INFINITY;
  const wide = source.read(start + Number(locator.readBigUInt64LE(8)), 56);
  return wide.length < 56 ? Number.POSITIVE_INFINITY : Number(wide.readBigUInt64LE(48));
}
