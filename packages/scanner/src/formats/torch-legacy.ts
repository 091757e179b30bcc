import type { Part, Scan } from "../core/scan.js";
import { carve, reportBroken, type Stream, scanStream } from "../pickle/streams.js";
import { Sequence } from "../pickle/value.js";
import { elementSize, storageId } from "./torch-storage.js";

/** What torch's legacy files hold before the storages: magic, protocol, system, object, storage keys. */
const STREAMS = 5;

/** Torch's format before 1.6: five pickles, then each storage as a 64-bit count and its bytes. */
export function scanTorchLegacy(scan: Scan, part: Part): string {
  const streams: Stream[] = [];
  let at = 0;
  for (let i = 0; i < STREAMS; i++) {
    const stream = scanStream(scan, part, at);
    streams.push(stream);
    if (!stream.stopped) {
      reportBroken(scan, part, stream);
      carve(scan, part, stream.end + 1, part.source.size);
      return "torch-legacy";
    }
    at = stream.end;
  }
  const end = skipStorages(part, streams, at);
  if (end < part.source.size) {
    scan.report("trailing-data", part, `${part.source.size - end} bytes belong to no storage.`, {
      offset: end,
    });
    carve(scan, part, end, part.source.size);
  }
  return "torch-legacy";
}

/** Bytes per element of each storage that the object's persistent ids name. */
function storageSizes(streams: readonly Stream[]): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const id of streams.flatMap(({ judge }) => judge.persistentIds)) {
    const storage = storageId(id);
    if (storage) sizes.set(storage.key, elementSize(storage.type));
  }
  return sizes;
}

/** Walks the storages in the order of the key list; answers where they end, or where the list does not fit. */
function skipStorages(part: Part, streams: readonly Stream[], start: number): number {
  const sizes = storageSizes(streams);
  const keys = streams.at(-1)?.result;
  let at = start;
  if (!(keys instanceof Sequence)) return at;
  for (const key of keys.items) {
    const size = typeof key === "string" ? sizes.get(key) : undefined;
    const head = part.source.read(at, 8);
    if (size === undefined || head.length < 8) return at;
    const end = at + 8 + Number(head.readBigUInt64LE(0)) * size;
    if (end > part.source.size) return at;
    at = end;
  }
  return keys.total > keys.items.length ? part.source.size : at;
}
