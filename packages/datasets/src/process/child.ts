import { readProfile } from "../profile/read.js";
import { rewrite } from "../rewrite/rewrite.js";
import type { Reply, Task } from "./messages.js";

const HEADROOM_MEGABYTES = 512;

/** The process that opens others' files: a fault in a parser, or a file made to fill memory, ends here and nowhere else. */
process.once("message", (task: Task) => {
  const limit = (task.limits.memoryMegabytes + HEADROOM_MEGABYTES) * 1024 * 1024;
  // DuckDB counts what it allocates for itself; what it forgets to count is counted here.
  setInterval(() => {
    if (process.memoryUsage.rss() > limit) process.exit(MEMORY);
  }, 50).unref();
  run(task).then((reply) => process.send?.(reply, () => process.exit(0)));
});
process.once("disconnect", () => process.exit(0));

const MEMORY = 9;

async function run(task: Task): Promise<Reply> {
  try {
    return { ok: true, result: task.kind === "profile" ? await readProfile(task) : await rewrite(task) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { ok: false, reason: (message.split("\n")[0] ?? "").slice(0, 300) };
  }
}
