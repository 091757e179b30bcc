import { cleanUri } from "../clean.js";
import { cut, documentOf, references } from "../document.js";
import type { Imported } from "../imported.js";
import { runEvents } from "../lineage.js";
import { type Loose, optional, record, text } from "../value.js";
import { assetOf } from "./reference.js";

export interface AzureJob {
  name: string;
  title: string | undefined;
  experiment: string;
  status: string;
  at: number;
  inputs: { name: string; input: string; uri: string; declared: boolean }[];
  commit: string | undefined;
}

export function azureJob(answer: Loose): AzureJob | undefined {
  const name = text(answer.name);
  if (name === undefined) return undefined;
  const properties = record(answer.properties);
  const own = record(properties.properties);
  return {
    name,
    title: text(properties.displayName),
    experiment: text(properties.experimentName) ?? "Default",
    status: text(properties.status) ?? "Unknown",
    at: Date.parse(text(record(answer.systemData).createdAt) ?? "") || 0,
    inputs: Object.entries(record(properties.inputs)).flatMap(([input, value]) =>
      jobInput(input, record(value)),
    ),
    commit: text(own["azureml.git.commit"]),
  };
}

const DATA_INPUTS = new Set(["uri_file", "uri_folder", "mltable"]);

function jobInput(input: string, value: Loose): AzureJob["inputs"] {
  const uri = cleanUri(value.uri);
  if (uri === undefined || !DATA_INPUTS.has(text(value.jobInputType) ?? "")) return [];
  const asset = assetOf(uri, "data");
  const name = asset?.name ?? uri.replace(/^[a-z0-9+.-]+:\/*/i, "").replace(/\/+$/, "");
  return [{ name, input, uri, declared: asset !== undefined }];
}

const STATES: Record<string, "COMPLETE" | "FAIL" | "ABORT" | "START"> = {
  Completed: "COMPLETE",
  Failed: "FAIL",
  Canceled: "ABORT",
  Running: "START",
};

export function addJob(
  workspace: string,
  source: string,
  job: AzureJob,
  model: string,
  found: Imported,
): void {
  // Registered data gets its document from the list of data; what lies somewhere gets it here.
  for (const { name, uri } of job.inputs.filter(({ declared }) => !declared))
    found.documents.push(documentOf("Dataset", source, { name, spec: { source: uri } }));
  const inputs = job.inputs.slice(0, 20).map(({ input, uri }) => [`azureml/input.${input}`, uri] as const);
  found.documents.push(
    documentOf("Run", source, {
      name: job.name,
      title: job.title,
      labels: { "azureml/status": job.status, ...Object.fromEntries(inputs) },
      spec: {
        experiment: cut(job.experiment, 256),
        ...optional("commit", job.commit === undefined ? undefined : cut(job.commit, 64)),
        ...(job.inputs.length === 0 ? {} : { datasets: references(job.inputs.map(({ name }) => name)) }),
        produces: references([model]),
      },
    }),
  );
  found.lineage.push(
    ...runEvents(workspace, {
      id: job.name,
      job: { namespace: source, name: cut(job.experiment, 256) },
      state: STATES[job.status] ?? "OTHER",
      at: job.at,
      inputs: job.inputs.map(({ name }) => ({ kind: "Dataset", name })),
      outputs: [{ kind: "Model", name: model }],
    }),
  );
}
