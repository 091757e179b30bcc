import { sweepStaged } from "../routes/uploads/staging.js";
import type { Services } from "../services.js";

/** The same everywhere: the example is loaded once, however often the server is killed on the way. */
const EXAMPLE = "00000000-0000-8000-a000-000000000001";

/** Takes up what an earlier run of the server left, then looks for work. */
export async function resumeJobs({ config, jobs, worker, idempotency }: Services): Promise<void> {
  await idempotency.sweep();
  await sweepStaged(config.directory, await jobs.openIds());
  await jobs.expireLeases();
  worker.start();
}

/** A record with no version on it yet begins with the example workspace. */
export async function queueExample({ workspace, jobs, worker }: Services): Promise<void> {
  if ((await workspace.versions(1)).length > 0) return;
  await jobs.create({
    id: EXAMPLE,
    kind: "example",
    title: "example workspace",
    principal: "service",
    input: {},
  });
  worker.wake();
}
