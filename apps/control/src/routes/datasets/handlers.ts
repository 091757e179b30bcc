import { randomUUID } from "node:crypto";
import type { Job, routes } from "@countersign/api";
import { CountersignError, parseDigest } from "@countersign/evidence";
import type { DatasetTask } from "../../datasets/work.js";
import type { Handler } from "../../http/mount.js";
import type { Services } from "../../services.js";
import { Staging } from "../uploads/staging.js";
import { readDatasetForm } from "./form.js";

export const datasets: Handler<typeof routes.datasets> = async ({ query, services }) => {
  const { limit = 50, cursor, query: text = "" } = query;
  const after = cursor === undefined ? "" : nameIn(cursor);
  const items = await services.datasets.list(limit, after, text);
  const last = items.length === limit ? items.at(-1)?.name : undefined;
  return { items, nextCursor: last === undefined ? null : cursorAt(last) };
};

const cursorAt = (name: string): string => Buffer.from(`dataset:${name}`).toString("base64url");

function nameIn(cursor: string): string {
  const [, name = ""] = /^dataset:(.+)$/su.exec(Buffer.from(cursor, "base64url").toString("utf8")) ?? [];
  if (name !== "" && cursorAt(name) === cursor) return name;
  throw new CountersignError("bad-request", "the cursor is not one that this list gave; start without it");
}

export const dataset: Handler<typeof routes.dataset> = ({ params, services }) =>
  services.datasets.get(params.name);

export const datasetVersion: Handler<typeof routes.datasetVersion> = ({ params, services }) =>
  services.datasets.version(params.name, params.digest);

/** Takes the files in, then leaves hashing, scanning and profiling to a job. */
export const admitDataset: Handler<typeof routes.admitDataset> = async ({ services, request, caller }) => {
  const { config } = services;
  const staging = new Staging(config.directory, randomUUID(), config.uploadLimit);
  try {
    const fields = await readDatasetForm(request, staging, config.uploadLimit);
    const id = randomUUID();
    await staging.commit(id);
    const files = staging.files.map(({ path }) => path);
    return await queue(services, caller.principal, { action: "admit", ...fields, files }, id);
  } finally {
    await staging.discard();
  }
};

export const referDataset: Handler<typeof routes.referDataset> = ({ body, services, caller }) =>
  queue(services, caller.principal, { action: "refer", keep: false, mlflowDigests: [], ...body });

export const rollbackDataset: Handler<typeof routes.rollbackDataset> = async ({
  params,
  body,
  services,
  caller,
}) => {
  const result = await services.datasets.rollback(params.name, body.to, caller.principal);
  if (result.replaced === null) return result;
  // What runs said that they read, and what the graph knows to have come of it.
  const { plan } = await services.lineage.trace({ subject: result.replaced, direction: "down" });
  const models = plan.versions.filter(({ kind }) => kind === "Model");
  return {
    ...result,
    runs: [...new Set([...result.runs, ...plan.runs.map((key) => key.replace(/^run:/, ""))])],
    models: models.map(({ name, artifact }) => ({ name, artifact: parseDigest(artifact) })),
    deployments: plan.deployments.map(({ key }) => key),
  };
};

export const deleteSubject: Handler<typeof routes.deleteSubject> = async ({
  params,
  body,
  services,
  caller,
}) => {
  const { name } = params;
  const reference = services.datasets.wrap(body.reference);
  return queue(services, caller.principal, { action: "delete", name, reference });
};

export const datasetDeletions: Handler<typeof routes.datasetDeletions> = async ({ params, services }) => ({
  items: await services.datasets.deletions(params.name),
});

export const proveDeletion: Handler<typeof routes.proveDeletion> = async ({ params, body, services }) => ({
  items: await services.datasets.deletions(params.name, body.reference),
});

export const expireDataset: Handler<typeof routes.expireDataset> = async ({ params, services, caller }) => ({
  items: await services.datasets.expire(params.name, caller.principal),
});

export const reportRead: Handler<typeof routes.reportRead> = ({ params, body, services, caller }) =>
  services.datasets.reportRead(params.name, body, caller.principal);

async function queue(
  services: Services,
  principal: string,
  task: DatasetTask,
  id: string = randomUUID(),
): Promise<Job> {
  const job = await services.jobs.create({ id, kind: "dataset", title: task.name, principal, input: task });
  services.events.publish("job", job);
  services.worker.wake();
  return job;
}
