import { rm } from "node:fs/promises";
import type { AdmitResult, Workspace } from "@countersign/workspace";
import type { JobContext } from "../jobs/worker.js";
import { stagedDirectory } from "../routes/uploads/staging.js";
import type { RegisterInput, Registry } from "./registry.js";
import { rootIn } from "./source.js";

/**
 * Reads the sealed bytes of a version and admits them. Run again after a kill, it comes to the same end. What fails here for
 * good is settled by `Registry.ended`.
 */
export async function register(
  registry: Registry,
  workspace: Workspace,
  directory: string,
  { name }: RegisterInput,
  { id, principal, signal, progress }: JobContext,
): Promise<unknown> {
  const row = await registry.versions.byJob(registry.pool, id);
  if (row?.status !== "PENDING_REGISTRATION" || row.root === null) return { name };
  const path = stagedDirectory(directory, id);
  // What an earlier attempt left is links to the store's own files: nothing may be written over them.
  await rm(path, { recursive: true, force: true });
  await registry.artifacts.materialise(row.root, path);
  const result = await workspace.admit(
    { path, name, submitter: principal },
    { signal, onProgress: progress },
  );
  await registry.versions.settle(registry.pool, id, { ...endOf(result), artifact: result.artifact });
  const origin = rootIn(row.source);
  if (origin !== undefined) await registry.registeredFrom(origin);
  return { name, artifact: result.artifact, verdict: result.scan.verdict };
}

function endOf({ decision }: AdmitResult): { status: "READY" | "FAILED_REGISTRATION"; message: string } {
  if (decision.outcome === "allow") return { status: "READY", message: "" };
  const reasons = decision.reasons.map(({ reason }) => reason).join(" ");
  return { status: "FAILED_REGISTRATION", message: `Refused at the ingest gate. ${reasons}` };
}
