import type { Batch, BatchDone } from "./messages.js";
import { scanFile } from "./scan-file.js";

/** The scanning process: it parses untrusted files so that a fault in a parser cannot reach its parent. */
process.on("message", (batch: Batch) => {
  const reply: BatchDone = {
    done: batch.jobs.map((job) => scanFile(job, batch)),
  };
  process.send?.(reply);
});
process.on("disconnect", () => process.exit(0));
