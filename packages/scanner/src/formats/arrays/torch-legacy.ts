import { examineWeights } from "../../content/weights/examine.js";
import { numberType, type Tensor } from "../../content/weights/tensor.js";
import type { Part, Scan } from "../../core/scan.js";
import { carve, reportBroken, type Stream, scanStream } from "../../pickle/streams.js";
import { Sequence } from "../../pickle/value.js";
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
  const tensors: Tensor[] = [];
  const end = skipStorages(part, streams, at, tensors);
  if (end < part.source.size) tensors.push(rest(part, end));
  examineWeights(scan, part, tensors);
  if (end < part.source.size) {
    scan.report("trailing-data", part, `${part.source.size - end} bytes belong to no storage.`, {
      offset: end,
    });
    carve(scan, part, end, part.source.size);
  }
  return "torch-legacy";
}

/** What follows the storages, where nothing should be. */
function rest({ source }: Part, offset: number): Tensor {
  return { name: "what follows the storages", type: "other", source, offset, length: source.size - offset };
}

/** The type of each storage that the object's persistent ids name. */
function storageTypes(streams: readonly Stream[]): Map<string, string> {
  const types = new Map<string, string>();
  for (const id of streams.flatMap(({ judge }) => judge.persistentIds)) {
    const storage = storageId(id);
    if (storage) types.set(storage.key, storage.type);
  }
  return types;
}

/** Walks the storages in the order of the key list; answers where they end, or where the list does not fit. */
function skipStorages(part: Part, streams: readonly Stream[], start: number, tensors: Tensor[]): number {
  const types = storageTypes(streams);
  const keys = streams.at(-1)?.result;
  let at = start;
  if (!(keys instanceof Sequence)) return at;
  for (const key of keys.items) {
    const name = typeof key === "string" ? key : "";
    const type = types.get(name);
    const head = part.source.read(at, 8);
    if (type === undefined || head.length < 8) return at;
    const length = Number(head.readBigUInt64LE(0)) * elementSize(type);
    const end = at + 8 + length;
    if (end > part.source.size) return at;
    tensors.push({ name, type: numberType(type), source: part.source, offset: at + 8, length });
    at = end;
  }
  return keys.total > keys.items.length ? part.source.size : at;
}
