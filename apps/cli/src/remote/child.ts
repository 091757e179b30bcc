import { DEFAULT_LIMITS, type FileReport, scanSource } from "@countersign/scanner";
import type { RemoteFile } from "./remote.js";
import { remoteSource } from "./source.js";

export interface RemoteScan {
  report: FileReport;
  fetched: number;
}

/** The scanning process of one remote file: what it reads is hostile, and so may the server be. */
process.once("message", async (file: RemoteFile) => {
  const source = remoteSource(file);
  // No digest: that would need every byte.
  const report: FileReport = { ...scanSource(source, file.path, DEFAULT_LIMITS), sha256: "" };
  const answer: RemoteScan = { report, fetched: source.fetched() };
  process.send?.(answer, () => process.exit(0));
});
process.on("disconnect", () => process.exit(0));
