import { createHash } from "node:crypto";
import type { Scan } from "../core/scan.js";

const SEEN = new WeakMap<Scan, Set<string>>();

/**
 * Whether nested bytes are seen for the first time in a file. A pickle may hand the same bytes to a loader again and
 * again, and so may the pickle in them: without a memory each level multiplies the work.
 */
export function isFirst(scan: Scan, content: Buffer): boolean {
  const seen = SEEN.get(scan) ?? new Set();
  SEEN.set(scan, seen);
  const key = createHash("sha256").update(content).digest("base64");
  if (seen.has(key)) return false;
  seen.add(key);
  return true;
}
