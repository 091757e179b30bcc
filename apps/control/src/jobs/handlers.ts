import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JobKind } from "@countersign/api";
import { type ExampleModel, INVENTORY, writeExample } from "@countersign/example";
import { parseDocuments } from "@countersign/inventory";
import type { Workspace } from "@countersign/workspace";
import type { Inventory } from "../inventory/service.js";
import type { UploadFields } from "../routes/uploads/form.js";
import { stagedDirectory } from "../routes/uploads/staging.js";
import type { JobContext, JobHandler } from "./worker.js";

/** What each kind of job does. Run again from the start, each comes to the same end. */
export function jobHandlers(
  workspace: Workspace,
  directory: string,
  inventory: Inventory,
): Record<Exclude<JobKind, "dataset" | "register">, JobHandler> {
  return {
    admit: (input, context) => admitUpload(workspace, directory, input as UploadFields, context),
    audit: (_input, context) => {
      context.progress("audit", 0, workspace.size);
      return workspace.audit();
    },
    example: (_input, context) => loadExample(workspace, inventory, context),
  };
}

async function admitUpload(
  workspace: Workspace,
  directory: string,
  { signAs, ...fields }: UploadFields,
  { id, principal, signal, progress }: JobContext,
): Promise<unknown> {
  const author = signAs === undefined ? {} : { author: await workspace.keyring.signer(signAs) };
  const input = { ...fields, ...author, path: stagedDirectory(directory, id), submitter: principal };
  return workspace.admit(input, { signal, onProgress: progress });
}

/** The author of the example: whoever approves must be someone else. */
const AUTHOR = "author";
const APPROVER = "approver";

/** Four models on three roads: into production, waiting at its door, and two refused at the first gate. */
async function loadExample(
  workspace: Workspace,
  inventory: Inventory,
  context: JobContext,
): Promise<unknown> {
  const place = await mkdtemp(join(tmpdir(), "countersign-example-"));
  try {
    context.progress("train", 0, 1);
    const { models } = await writeExample(place);
    await inventory.apply(parseDocuments(INVENTORY), AUTHOR);
    for (const [done, model] of models.entries()) {
      context.signal.throwIfAborted();
      context.progress(model.name, done, models.length);
      await tell(workspace, model, context.signal);
    }
    context.progress("done", models.length, models.length);
    return { models: models.map(({ name, story }) => ({ name, story })) };
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

async function tell(workspace: Workspace, model: ExampleModel, signal: AbortSignal): Promise<void> {
  const { name, directory, licence, origin, story } = model;
  // Signed as well where it will be refused: a good signature on bad bytes changes nothing.
  const author = await workspace.keyring.signer(AUTHOR);
  const declared = {
    ...(licence === undefined ? {} : { licence }),
    ...(origin === undefined ? {} : { origin }),
  };
  await workspace.admit({ path: directory, name, submitter: AUTHOR, author, ...declared }, { signal });
  if (story === "refused") return;
  await workspace.promote({ subject: name, environment: "staging", principal: AUTHOR });
  await workspace.promote({ subject: name, environment: "production", principal: AUTHOR });
  if (story === "waiting") return;
  const approver = await workspace.keyring.signer(APPROVER);
  await workspace.approve({ subject: name, environment: "production", signer: approver });
  await workspace.promote({ subject: name, environment: "production", principal: AUTHOR });
}
