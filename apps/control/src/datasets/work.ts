import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Place } from "@countersign/datasets";
import type { JobContext } from "../jobs/worker.js";
import { stagedDirectory } from "../routes/uploads/staging.js";
import { admitDataset, onlyFile } from "./admit.js";
import { deleteSubject } from "./deletion.js";
import type { DatasetParts } from "./parts.js";
import { fetchReference } from "./reference.js";

/** What a job on a dataset is asked to do. */
export type DatasetTask =
  | {
      action: "admit";
      name: string;
      files: string[];
      keep: boolean;
      mlflowDigests: string[];
      licence?: string;
      origin?: string;
    }
  | {
      action: "refer";
      name: string;
      location: string;
      keep: boolean;
      mlflowDigests: string[];
      licence?: string;
      origin?: string;
    }
  | { action: "delete"; name: string; reference: string };

const KEPT: Place = { kind: "kept" };
const DROPPED: Place = { kind: "dropped" };

/** Does it; begun again after a kill, it comes to the same end. */
export async function workOnDataset(
  parts: DatasetParts,
  directory: string,
  task: DatasetTask,
  context: JobContext,
): Promise<unknown> {
  const staged = stagedDirectory(directory, context.id);
  if (task.action === "admit") {
    const { files, keep, action: _, ...admission } = task;
    const path = await onlyFile(staged, files);
    return admitDataset(
      parts,
      { ...admission, path, place: keep ? KEPT : DROPPED, keep, own: true },
      context,
    );
  }
  if (task.action === "refer") return refer(parts, staged, task, context);
  const place = join(staged, "search");
  try {
    const reference = parts.subjects.unwrap(task.reference);
    return await deleteSubject(parts, { name: task.name, reference, place }, context);
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

async function refer(
  parts: DatasetParts,
  staged: string,
  task: Extract<DatasetTask, { action: "refer" }>,
  context: JobContext,
): Promise<unknown> {
  const { location, keep, action: _, ...admission } = task;
  const { path, place, own } = await fetchReference(parts, location, staged, context);
  return admitDataset(parts, { ...admission, path, place, own, keep }, context);
}
