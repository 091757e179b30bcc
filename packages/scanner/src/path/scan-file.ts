import { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
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

function scanOpen(fd: number, state: FileState, { name, absolute }: Job, options: Options): FileReport {
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
    (other) => sizeOf(join(dirname(absolute), basename(other))),
  );
  return { path, sha256, ...rest };
}

function sizeOf(path: string): number | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })?.size;
  } catch {
    return undefined;
  }
}

function stateOf(fd: number): FileState {
  const { size, mtimeMs, ino } = fstatSync(fd);
  return { size, mtimeMs, ino };
}
