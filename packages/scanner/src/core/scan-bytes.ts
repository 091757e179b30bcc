import { createHash } from "node:crypto";
import { basename } from "node:path";
import { checkBlobName } from "../formats/bundles/blobs.js";
import { checkExtension } from "./extension.js";
import { DEFAULT_LIMITS, type Limits } from "./limits.js";
import type { FileReport } from "./report.js";
import { route } from "./route.js";
import { type Beside, type Part, Scan } from "./scan.js";
import { bytesSource, type Source } from "./source.js";
import type { Spill } from "./spill.js";

/** Examines one source; never throws. The digest is the caller's. What is unpacked stays in memory without a `spill`. */
export function scanSource(
  source: Source,
  path: string,
  limits: Limits = DEFAULT_LIMITS,
  spill?: Spill,
  beside?: Beside,
): Omit<FileReport, "sha256"> {
  const scan = new Scan(limits, route, {
    size: source.size,
    ...(spill && { spill }),
    ...(beside && { beside }),
  });
  const part: Part = { source, name: basename(path), member: "", depth: 0 };
  scan.guard(part, () => checkBlobName(scan, part, path));
  const format = scan.examine(part);
  checkExtension(scan, part, format);
  const { verdict, findings } = scan;
  return { path, size: source.size, format, verdict, findings, ...scan.gathered.fields() };
}

/** Examines bytes in this process. `hint` is a file name, which is reported and only that. */
export function scanBytes(bytes: Uint8Array, hint = "", limits: Partial<Limits> = {}): FileReport {
  const { path, ...rest } = scanSource(bytesSource(bytes), hint, { ...DEFAULT_LIMITS, ...limits });
  return { path, sha256: createHash("sha256").update(bytes).digest("hex"), ...rest };
}
