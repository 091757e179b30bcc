import { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, relative } from "node:path";
import type { FileReport } from "../core/report.js";
import { scanSource } from "../core/scan-bytes.js";
import { bytesSource, fileSource, type Source, SourceChanged } from "../core/source.js";
import type { Batch, Done, FileState, Job } from "./messages.js";
import { temporarySpill } from "./spill.js";
import { asChanged, unscanned } from "./unscanned.js";

type Options = Omit<Batch, "jobs">;

/** Scans one file in this process. Small files are read once, so that the digest is of the scanned bytes. */
export function scanFile(job: Job, options: Options): Done {
  const { index, name, absolute } = job;
  let fd: number;
  try {
    fd = openSync(absolute, "r");
  } catch {
    return {
      index,
      state: undefined,
      report: unscanned(name, "file-unreadable", "The file cannot be opened."),
    };
  }
  try {
    const before = stateOf(fd);
    const report = scanOpen(fd, before, job, options);
    const after = stateOf(fd);
    const changed = before.size !== after.size || before.mtimeMs !== after.mtimeMs;
    return { index, state: after, report: changed ? asChanged(report) : report };
  } catch (error) {
    const changed = error instanceof SourceChanged;
    const rule = changed ? "file-changed" : "file-unreadable";
    const message = changed ? "The file changed while it was read." : "The file cannot be read.";
    return { index, state: undefined, report: unscanned(name, rule, message) };
  } finally {
    closeSync(fd);
  }
}

function scanOpen(fd: number, state: FileState, job: Job, options: Options): FileReport {
  const { name, absolute, directory } = job;
  const { limits, hashBelow, spillDirectory } = options;
  let source: Source = fileSource(fd, state.size);
  let sha256 = "";
  if (state.size < hashBelow) {
    const bytes = source.read(0, state.size);
    source = bytesSource(bytes);
    sha256 = createHash("sha256").update(bytes).digest("hex");
  }
  const { path, ...rest } = scanSource(
    source,
    name,
    limits,
    temporarySpill(spillDirectory, limits.freeBytes),
    (other) => sizeBelow(directory ?? dirname(absolute), other),
  );
  return { path, sha256, ...rest };
}

/** A file may ask for what lies beside or below it, and for nothing else. */
function sizeBelow(directory: string, path: string): number | undefined {
  const place = join(directory, path);
  if (path.includes("\0") || relative(directory, place).startsWith("..") || isAbsolute(path))
    return undefined;
  try {
    const found = statSync(place, { throwIfNoEntry: false });
    return found?.isFile() ? found.size : undefined;
  } catch {
    return undefined;
  }
}

function stateOf(fd: number): FileState {
  const { size, mtimeMs, ino } = fstatSync(fd);
  return { size, mtimeMs, ino };
}
