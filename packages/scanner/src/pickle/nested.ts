import type { Scan } from "../core/scan.js";
import { bytesSource, type Source, slice } from "../core/source.js";
import type { Blob } from "./value.js";

/** The bytes of a nested pickle, unless the same were examined before; those that memory would not hold stay where they are. */
export function unexamined(scan: Scan, blob: Blob): Source | undefined {
  const { memoryBytes } = scan.budget.limits;
  if (blob.length > memoryBytes) return slice(blob.source, blob.offset, blob.length);
  const content = blob.read(memoryBytes);
  return scan.isFirst(content) ? bytesSource(content) : undefined;
}
