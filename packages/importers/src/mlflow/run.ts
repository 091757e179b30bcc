import { parseJson } from "@countersign/evidence";
import type { Document } from "@countersign/inventory";
import { cleanUri, tagMap } from "../clean.js";
import { cut, documentOf, type Labels, references, tagLabels } from "../document.js";
import { runEvents } from "../lineage.js";
import { type Loose, optional, record, records, text } from "../value.js";

interface FoundInput {
  name: string;
  digest: string | undefined;
  context: string | undefined;
  document: (source: string) => Document;
}

export interface FoundRun {
  id: string;
  name: string | undefined;
  experiment: string;
  state: string;
  start: number;
  end: number;
  tags: Record<string, string>;
  inputs: FoundInput[];
  /** Names of the registered models that it made. */
  produces: string[];
}

const CONTEXT = "mlflow.data.context";
// What the client calls a dataset that was given no name: many different ones would become one asset.
const UNNAMED = "dataset";

/** What `runs/get` and `runs/search` answer, or undefined where it is no run. */
export function foundRun(run: Loose): FoundRun | undefined {
  const info = record(run.info);
  const id = text(info.run_id) ?? text(info.run_uuid);
  if (id === undefined) return undefined;
  const tags = tagMap(records(record(run.data).tags), "key", "value");
  const start = time(info.start_time);
  return {
    id,
    name: text(info.run_name) ?? tags["mlflow.runName"],
    experiment: text(info.experiment_id) ?? "0",
    state: text(info.status) ?? "UNKNOWN",
    start,
    end: time(info.end_time) || start,
    tags,
    inputs: records(record(run.inputs).dataset_inputs).flatMap(foundInput),
    produces: [],
  };
}

const time = (value: unknown): number => {
  const milliseconds = Number(text(value) ?? 0);
  return Number.isFinite(milliseconds) && milliseconds > 0 && milliseconds < 8.64e15 ? milliseconds : 0;
};

function foundInput(input: Loose): FoundInput[] {
  const dataset = record(input.dataset);
  const [given, digest] = [text(dataset.name), text(dataset.digest)];
  if (given === undefined) return [];
  const name = given === UNNAMED && digest !== undefined ? `${given}@${digest}` : given;
  const context = tagMap(records(input.tags), "key", "value")[CONTEXT];
  return [{ name, digest, context, document: (source) => datasetDocument(source, name, dataset) }];
}

function datasetDocument(source: string, name: string, dataset: Loose): Document {
  const where = json(dataset.source);
  const origin = cleanUri(where.uri ?? where.url ?? where.path);
  const columns = records(json(dataset.schema).mlflow_colspec).flatMap((column) => {
    const label = text(column.name);
    return label === undefined
      ? []
      : [{ name: cut(label, 256), ...optional("type", shorter(text(column.type), 64)) }];
  });
  return documentOf("Dataset", source, {
    name,
    labels: { "mlflow/source-type": text(dataset.source_type) },
    spec: {
      ...optional("source", origin),
      ...(columns.length === 0 ? {} : { columns: columns.slice(0, 1_000) }),
    },
  });
}

const shorter = (value: string | undefined, length: number): string | undefined =>
  value === undefined ? undefined : cut(value, length);

/** MLflow keeps source, schema and profile as JSON in a string. */
function json(value: unknown): Loose {
  if (typeof value !== "string" || value.length > 4 * 1024 * 1024) return {};
  try {
    return record(parseJson(value));
  } catch {
    return {};
  }
}

export function runDocument(source: string, run: FoundRun): Document {
  const inputs = run.inputs.slice(0, 16).map(({ name, digest, context }, at) => {
    const version = digest === undefined || name.endsWith(`@${digest}`) ? "" : `@${digest}`;
    const words = `${name}${version}${context === undefined ? "" : ` (${context})`}`;
    return [`mlflow/input.${at + 1}`, words] as const;
  });
  return documentOf("Run", source, {
    name: run.id,
    title: run.name,
    labels: {
      "mlflow/status": run.state,
      ...(run.start > 0 ? { "mlflow/started": new Date(run.start).toISOString() } : {}),
      ...Object.fromEntries(inputs),
      ...ownTags(run.tags),
    },
    spec: {
      experiment: cut(run.experiment, 256),
      ...optional("commit", shorter(run.tags["mlflow.source.git.commit"], 64)),
      ...(run.inputs.length === 0 ? {} : { datasets: references(run.inputs.map(({ name }) => name)) }),
      ...(run.produces.length === 0 ? {} : { produces: references(run.produces) }),
    },
  });
}

/** Tags that people set: MLflow's own name its user, its host and its history. */
export function ownTags(tags: Record<string, string>): Labels {
  return tagLabels(
    "mlflow/tag",
    Object.fromEntries(Object.entries(tags).filter(([key]) => !key.startsWith("mlflow."))),
  );
}

const STATES: Record<string, "COMPLETE" | "FAIL" | "ABORT" | "START"> = {
  FINISHED: "COMPLETE",
  FAILED: "FAIL",
  KILLED: "ABORT",
  RUNNING: "START",
  SCHEDULED: "START",
};

export function runLineage(workspace: string, source: string, run: FoundRun): object[] {
  return runEvents(workspace, {
    id: run.id,
    job: { namespace: source, name: cut(run.experiment, 256) },
    state: STATES[run.state] ?? "OTHER",
    at: run.end,
    inputs: run.inputs.map(({ name, digest }) => ({ kind: "Dataset", name, version: digest })),
    outputs: run.produces.map((name) => ({ kind: "Model", name })),
  });
}
