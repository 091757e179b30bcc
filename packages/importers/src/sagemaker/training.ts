import { cleanUri } from "../clean.js";
import { cut, documentOf, references } from "../document.js";
import type { Imported } from "../imported.js";
import { runEvents } from "../lineage.js";
import { type Loose, optional, record, records, text } from "../value.js";

export interface TrainingJob {
  name: string;
  status: string;
  /** Seconds since the epoch, as AWS writes times. */
  ended: number;
  inputs: { name: string; channel: string; uri: string }[];
  image: string | undefined;
}

/** The training job that made a model package, from `MetadataProperties.GeneratedBy`. */
export function jobNameOf(version: Loose): string | undefined {
  const by = text(record(version.MetadataProperties).GeneratedBy) ?? "";
  return /^arn:aws[a-z-]*:sagemaker:[^:]*:[^:]*:training-job\/([A-Za-z0-9-]{1,63})$/.exec(by)?.[1];
}

export function trainingJob(answer: Loose): TrainingJob | undefined {
  const name = text(answer.TrainingJobName);
  if (name === undefined) return undefined;
  return {
    name,
    status: text(answer.TrainingJobStatus) ?? "Unknown",
    ended: Number(answer.TrainingEndTime ?? answer.LastModifiedTime ?? answer.CreationTime) || 0,
    inputs: records(answer.InputDataConfig).flatMap(channel),
    image: text(record(answer.AlgorithmSpecification).TrainingImage),
  };
}

function channel(input: Loose): TrainingJob["inputs"] {
  const { S3DataSource, FileSystemDataSource } = record(input.DataSource);
  const files = record(FileSystemDataSource);
  const uri =
    cleanUri(record(S3DataSource).S3Uri) ??
    (text(files.FileSystemId) && `efs://${text(files.FileSystemId)}${text(files.DirectoryPath) ?? ""}`);
  if (!uri) return [];
  return [{ name: datasetName(uri), channel: text(input.ChannelName) ?? "data", uri }];
}

/** A dataset has no name in SageMaker: where it lies is what it is called. */
function datasetName(uri: string): string {
  return uri.replace(/^[a-z0-9+.-]+:\/\//i, "").replace(/\/+$/, "");
}

const STATES: Record<string, "COMPLETE" | "FAIL" | "ABORT" | "START"> = {
  Completed: "COMPLETE",
  Failed: "FAIL",
  Stopped: "ABORT",
  InProgress: "START",
  Stopping: "START",
};

export function trainingDocuments(
  workspace: string,
  source: string,
  job: TrainingJob,
  model: string,
  found: Imported,
): void {
  for (const { name, uri } of job.inputs)
    found.documents.push(documentOf("Dataset", source, { name, spec: { source: uri } }));
  const channels = job.inputs
    .slice(0, 20)
    .map(({ channel: at, uri }) => [`sagemaker/channel.${at}`, uri] as const);
  found.documents.push(
    documentOf("Run", source, {
      name: job.name,
      labels: {
        "sagemaker/status": job.status,
        "sagemaker/image": job.image,
        ...Object.fromEntries(channels),
      },
      spec: {
        experiment: cut("sagemaker training", 256),
        ...optional(
          "datasets",
          job.inputs.length === 0 ? undefined : references(job.inputs.map(({ name }) => name)),
        ),
        produces: references([model]),
      },
    }),
  );
  found.lineage.push(
    ...runEvents(workspace, {
      id: job.name,
      job: { namespace: source, name: "training" },
      state: STATES[job.status] ?? "OTHER",
      at: Math.min(8.64e15, Math.max(0, Math.round(job.ended * 1000))),
      inputs: job.inputs.map(({ name }) => ({ kind: "Dataset", name })),
      outputs: [{ kind: "Model", name: model }],
    }),
  );
}
