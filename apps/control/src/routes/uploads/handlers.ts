import { createHash, randomUUID } from "node:crypto";
import type { Job, routes } from "@countersign/api";
import { CountersignError, canonicalJson } from "@countersign/evidence";
import { checkKey, requestDigest } from "../../http/idempotency.js";
import type { Context, Handler } from "../../http/mount.js";
import type { Services } from "../../services.js";
import { readUpload, type UploadFields } from "./form.js";
import { Staging } from "./staging.js";

/** Takes the files in, then leaves hashing, scanning and signing to a job. */
export const upload: Handler<typeof routes.upload> = async (context) => {
  const { services, request } = context;
  const { config } = services;
  const staging = new Staging(config.directory, randomUUID(), config.uploadLimit);
  try {
    const fields = await readUpload(request, staging, config.uploadLimit);
    if (fields.signAs !== undefined) await requireAuthorKey(services, fields.signAs);
    return await enqueueOnce(context, staging, fields);
  } finally {
    await staging.discard();
  }
};

/** Only a key that may sign models: nobody gets the root or the log key to sign what they uploaded. */
async function requireAuthorKey({ workspace, clock }: Services, name: string): Promise<void> {
  const { publicKey } = await workspace.keyring.signer(name);
  const trust = await workspace.trust();
  const permission = trust.permission(publicKey.keyId, "signature", workspace.size, clock());
  if (permission.ok) return;
  throw new CountersignError(
    "signer-not-allowed",
    `the key ${name} may not sign models: ${permission.reason}`,
  );
}

async function enqueueOnce(
  context: Context<typeof routes.upload>,
  staging: Staging,
  fields: UploadFields,
): Promise<Job> {
  const { services, request, caller } = context;
  const given = request.headers["idempotency-key"];
  if (typeof given !== "string") return enqueue(context, staging, fields, randomUUID());
  const { workspace, principal } = caller;
  const key = checkKey(given);
  const digest = requestDigest("POST", request.url, canonicalJson({ fields, files: [...staging.files] }));
  const answer = await services.idempotency.run({ workspace, principal, key, request: digest }, async () => ({
    status: 202,
    body: await enqueue(context, staging, fields, jobId(workspace, principal, key)),
  }));
  if (answer.repeated) context.reply.header("idempotent-replay", "true");
  return answer.body as Job;
}

async function enqueue(
  { services, caller }: Context<typeof routes.upload>,
  staging: Staging,
  fields: UploadFields,
  id: string,
): Promise<Job> {
  const known = await services.jobs.get(id);
  if (known) return known;
  await staging.commit(id);
  const job = await services.jobs.create({
    id,
    kind: "admit",
    title: fields.name,
    principal: caller.principal,
    input: fields,
  });
  services.events.publish("job", job);
  services.worker.wake();
  return job;
}

/** The same key makes the same job, even when a kill came between the job and the stored answer. */
function jobId(workspace: string, principal: string, key: string): string {
  const hex = createHash("sha256")
    .update(JSON.stringify(["upload", workspace, principal, key]))
    .digest("hex");
  // UUID version 8 (RFC 9562, 5.8): made of a digest of ours.
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
