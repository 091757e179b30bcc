import { sweepStaged } from "../routes/uploads/staging.js";
import type { Services } from "../services.js";
import { EXAMPLE } from "./store.js";

const HOUR_MS = 3_600_000;

/** Takes up what an earlier run of the server left, then looks for work. Answers how to end the hourly sweep. */
export async function resumeJobs({
  config,
  jobs,
  worker,
  idempotency,
  onFault,
}: Services): Promise<() => void> {
  await idempotency.sweep();
  const sweeping = setInterval(() => void idempotency.sweep().catch(onFault), HOUR_MS);
  await sweepStaged(config.directory, await jobs.openIds());
  await jobs.expireLeases();
  worker.start();
  return () => clearInterval(sweeping);
}

/** A record with no version on it yet begins with the example workspace. */
export async function queueExample({ workspace, jobs }: Services): Promise<void> {
  if ((await workspace.versions(1)).length > 0) return;
  await jobs.create({
    id: EXAMPLE,
    kind: "example",
    title: "example workspace",
    principal: "service",
    input: {},
  });
  // Not woken: training keeps this process busy, and whoever waits for /readyz comes first.
}
