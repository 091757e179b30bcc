import { randomUUID } from "node:crypto";
import type { DatasetRollbackResult } from "@countersign/api";
import { CountersignError, type Digest, makeStatement } from "@countersign/evidence";
import { assetName, PREDICATE_TYPES } from "@countersign/facts";
import type { Workspace } from "@countersign/workspace";
import {
  artifactsOf,
  type DatasetManifest,
  historyOf,
  sayingsOf,
  unknownDataset,
  type Version,
} from "./history.js";
import { barredBy } from "./judge.js";
import type { DatasetParts } from "./parts.js";

/** Makes an older version current again. One that was found bad, or whose bytes had to go, stays out. */
export async function rollback(
  parts: DatasetParts,
  name: string,
  to: Digest,
  principal: string,
): Promise<{ replaced: Version | undefined }> {
  const { workspace } = parts;
  const history = await historyOf(workspace, name);
  if (history.current === undefined) throw unknownDataset(name);
  const version = artifactsOf(history).find(({ artifact }) => artifact === to);
  if (version === undefined) throw notOf(name, to);
  const barred = barredBy(history, version, await sayingsOf(workspace, to, name));
  if (barred?.outcome === "refused") {
    throw new CountersignError("conflict", barred.reason, {
      detail: { remedy: `countersign dataset show ${name}` },
    });
  }
  await requireTrainable(workspace, name, to, principal);
  if (history.current.artifact === to) return { replaced: undefined };
  await makeCurrent(workspace, name, version, principal, "rolled-back");
  await parts.runner.caughtUp();
  return { replaced: history.current };
}

async function makeCurrent(
  workspace: Workspace,
  name: string,
  { artifact, manifest }: Version,
  submitter: string,
  cause: "rolled-back" | "rewritten",
): Promise<void> {
  const predicate: DatasetManifest = { manifest, submitter, nonce: randomUUID(), cause };
  const subject = { name: assetName("Dataset", name), digest: { sha256: artifact.slice(7) } };
  await workspace.state([makeStatement([subject], PREDICATE_TYPES.manifest, predicate)]);
}

async function requireTrainable(
  workspace: Workspace,
  name: string,
  artifact: Digest,
  principal: string,
): Promise<void> {
  const { outcome, reasons } = await workspace.gate({
    gate: "train",
    subject: artifact,
    name: assetName("Dataset", name),
    environment: "dev",
    principal,
  });
  if (outcome === "allow") return;
  const why = reasons.map(({ reason }) => reason).join(" ");
  throw new CountersignError(
    "conflict",
    `No run may train on this version, so it cannot become current: ${why}`,
  );
}

function notOf(name: string, artifact: Digest): CountersignError {
  return new CountersignError("not-found", `${artifact} is no version of the dataset ${name}.`, {
    detail: { remedy: `countersign dataset show ${name}` },
  });
}

/** Who used a version: read from the log and the run records, without what runs did not say. */
export async function usersOf(
  parts: DatasetParts,
  artifact: Digest,
): Promise<Pick<DatasetRollbackResult, "runs" | "models" | "deployments">> {
  const answer = await parts.pool.query<{ run: string }>(
    `select distinct run from dataset_reads
     where workspace = $1 and artifact = $2 and run is not null and outcome = 'known' order by run limit 10000`,
    [parts.workspace.id, artifact],
  );
  return { runs: answer.rows.map(({ run }) => run), models: [], deployments: [] };
}
