import type { RunSummary } from "@countersign/api";
import type { Tone } from "../../shared/ui/tone.js";

const STATUSES: Record<RunSummary["status"], { tone: Tone; word: string }> = {
  RUNNING: { tone: "info", word: "Running" },
  SCHEDULED: { tone: "quiet", word: "Scheduled" },
  FINISHED: { tone: "ok", word: "Finished" },
  FAILED: { tone: "bad", word: "Failed" },
  KILLED: { tone: "wait", word: "Stopped" },
};

export const statusOf = ({
  status,
  stale,
}: Pick<RunSummary, "status" | "stale">): { tone: Tone; word: string } =>
  stale ? { tone: "wait", word: "Silent for an hour" } : STATUSES[status];

/** Seconds from start to end, or until it was last heard of. */
export const lasted = ({ startedAt, endedAt, seenAt }: RunSummary): number | undefined =>
  startedAt === null ? undefined : Math.max(0, ((endedAt ?? seenAt) - startedAt) / 1000);
