import { tmpdir } from "node:os";
import { DEFAULT_LIMITS, type FileReport, type Limits, temporarySpill } from "@countersign/scanner";
import { scanBytes, scanSource } from "@countersign/scanner/bytes";
import type { RemoteFile } from "./remote.js";
import { type RemoteSource, remoteSource } from "./source.js";

export interface RemoteJob {
  file: RemoteFile;
  limits: Partial<Limits>;
  patienceMs: number;
}

export interface RemoteScan {
  report: FileReport;
  fetched: number;
}

/** What is no larger is read whole, so that it has a digest and can be accepted by one. */
const SMALL = 1024 * 1024;

/** Numbers of tensors are not looked at from afar, unless a limit says so: they lie all over a file that is else read in part. */
const FAR = { weightBytes: 0 } satisfies Partial<Limits>;

function scanRemoteFile({ file, limits }: RemoteJob, source: RemoteSource): FileReport {
  if (file.size <= SMALL) {
    try {
      return scanBytes(source.read(0, file.size), file.path, limits);
    } catch {
      // The server failed: the scan below says where.
    }
  }
  const all: Limits = { ...DEFAULT_LIMITS, ...FAR, ...limits };
  return { ...scanSource(source, file.path, all, temporarySpill(tmpdir(), all.freeBytes)), sha256: "" };
}

/** The scanning process of remote files: what it reads is hostile, and so may the server be. */
process.on("message", (job: RemoteJob) => {
  const source = remoteSource(job.file, job.patienceMs);
  const report = scanRemoteFile(job, source);
  const answer: RemoteScan = { report, fetched: source.fetched() };
  process.send?.(answer);
});
process.on("disconnect", () => process.exit(0));
