import type { Job, routes } from "@countersign/api";
import { CountersignError } from "@countersign/evidence";
import { DEFAULT_LIMIT, decodeCursor, encodeCursor } from "../../http/cursor.js";
import type { Handler } from "../../http/mount.js";
import { dropStaged } from "../uploads/staging.js";

export const jobs: Handler<typeof routes.jobs> = async ({ query, services }) => {
  const limit = query.limit ?? DEFAULT_LIMIT;
  const found = await services.jobs.list(limit + 1, decodeCursor("jobs", query.cursor), query.state);
  const last = found[limit - 1];
  return {
    items: found.slice(0, limit).map(({ job }) => job),
    nextCursor: found.length > limit && last ? encodeCursor("jobs", last.sequence) : null,
  };
};

export const job: Handler<typeof routes.job> = async ({ params, services }) =>
  known(await services.jobs.get(params.id));

export const cancelJob: Handler<typeof routes.cancelJob> = async ({ params, services }) => {
  const cancelled = known(await services.jobs.cancel(params.id));
  services.worker.cancel(params.id);
  if (cancelled.state === "cancelled") {
    await dropStaged(services.config.directory, params.id);
    services.events.publish("job", cancelled);
  }
  return cancelled;
};

function known(found: Job | undefined): Job {
  if (found) return found;
  throw new CountersignError("not-found", "there is no such job");
}
