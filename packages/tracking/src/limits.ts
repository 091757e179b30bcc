import { invalid } from "./error.js";
import { double, type Fields, integer, optionalInteger, optionalText, records, text } from "./fields.js";

// The limits of MLflow's protocol: what its own server refuses or cuts off is refused or cut off here.
const MAX_METRICS = 1_000;
const MAX_PARAMETERS = 100;
const MAX_ENTITIES = 1_000;
const MAX_KEY = 250;
const MAX_PARAMETER_VALUE = 6_000;
const MAX_TAG_VALUE = 8_000;
const MAX_EXPERIMENT_TAG_VALUE = 5_000;
const MAX_EXPERIMENT_NAME = 500;
// In bytes: the database indexes them, some together, and takes no key above 2,704 bytes.
const MAX_ID = 256;
const MAX_DATASET_NAME = 1_500;
const MAX_DATASET_DIGEST = 100;
// Letters and digits of any script: what the client's own check lets through, MLflow's server keeps.
const NAME = /^[/\p{L}\p{N}_.\- :]*$/u;

export interface Metric {
  key: string;
  value: number;
  /** Of the client's clock: data, never an order of ours. */
  timestamp: number;
  step: number;
  /** A logged model that the value says something about; "" for none. */
  model: string;
  datasetName: string;
  datasetDigest: string;
}

export interface Pair {
  key: string;
  value: string;
}

export interface Batch {
  metrics: Metric[];
  parameters: Pair[];
  tags: Pair[];
}

export function parseBatch(input: Fields): Batch {
  const [metrics, parameters, tags] = ["metrics", "params", "tags"].map((name) => records(input, name));
  limit("metrics", metrics?.length ?? 0, MAX_METRICS);
  limit("params", parameters?.length ?? 0, MAX_PARAMETERS);
  limit("tags", tags?.length ?? 0, MAX_PARAMETERS);
  const all = (metrics?.length ?? 0) + (parameters?.length ?? 0) + (tags?.length ?? 0);
  limit("metrics, params, and tags", all, MAX_ENTITIES);
  return {
    metrics: (metrics ?? []).map(parseMetric),
    parameters: onceEach((parameters ?? []).map(parseParameter)),
    tags: (tags ?? []).map(parseTag),
  };
}

export function parseMetric(input: Fields): Metric {
  const timestamp = optionalInteger(input, "timestamp");
  if (timestamp === undefined) throw invalid("Missing value for required parameter 'timestamp'.");
  if (timestamp < 0) throw invalid("Invalid value for parameter 'timestamp': it must not be negative.");
  return {
    key: name(input, "key", "metric"),
    value: double(input, "value"),
    timestamp,
    step: optionalInteger(input, "step") ?? 0,
    model: optionalId(input, "model_id"),
    datasetName: bounded(input, "dataset_name", MAX_DATASET_NAME),
    datasetDigest: bounded(input, "dataset_digest", MAX_DATASET_DIGEST),
  };
}

export function parseParameter(input: Fields): Pair {
  const value = optionalText(input, "value") ?? "";
  return { key: name(input, "key", "parameter"), value: value.slice(0, MAX_PARAMETER_VALUE) };
}

export function parseTag(input: Fields): Pair {
  return {
    key: name(input, "key", "tag"),
    value: (optionalText(input, "value") ?? "").slice(0, MAX_TAG_VALUE),
  };
}

export function parseTags(input: Fields): Pair[] {
  return records(input, "tags").map(parseTag);
}

export function parseExperimentTag(input: Fields): Pair {
  const value = optionalText(input, "value") ?? "";
  if (value.length > MAX_EXPERIMENT_TAG_VALUE) throw tooLong("value", MAX_EXPERIMENT_TAG_VALUE);
  return { key: name(input, "key", "tag"), value };
}

export function parseExperimentName(input: Fields, field: string): string {
  const value = text(input, field);
  if (value.length > MAX_EXPERIMENT_NAME) throw tooLong(field, MAX_EXPERIMENT_NAME);
  return value;
}

export interface ModelOutput {
  model: string;
  step: number;
}

export function parseModelOutput(input: Fields): ModelOutput {
  return {
    model: requiredId(input, "model_id"),
    step: input.step === undefined ? 0 : integer(input, "step"),
  };
}

export function requiredId(input: Fields, field: string): string {
  text(input, field);
  return optionalId(input, field);
}

/** The id of a run or a model, which need not be here; "" for none. */
export function optionalId(input: Fields, field: string): string {
  return bounded(input, field, MAX_ID);
}

function bounded(input: Fields, field: string, most: number): string {
  const value = optionalText(input, field) ?? "";
  if (Buffer.byteLength(value) > most) throw tooLong(field, most, "bytes");
  return value;
}

function name(input: Fields, field: string, kind: string): string {
  const value = text(input, field);
  if (value.length > MAX_KEY) throw tooLong(field, MAX_KEY);
  if (!NAME.test(value) || isPath(value)) {
    throw invalid(
      `Invalid value "${value}" for parameter '${field}' supplied: Names of ${kind}s may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/), and no part of a path that leads elsewhere.`,
    );
  }
  return value;
}

/** Clients turn names into paths of files: one that leads out of its directory is refused for their sake. */
function isPath(value: string): boolean {
  return value.split("/").some((part) => part === "" || part === "." || part === "..");
}

function onceEach(pairs: Pair[]): Pair[] {
  const seen = new Map<string, string>();
  for (const { key, value } of pairs) {
    const before = seen.get(key);
    if (before !== undefined && before !== value) {
      throw invalid(
        `Duplicate parameter keys have been submitted: ${key}. Please ensure each is submitted once.`,
      );
    }
    seen.set(key, value);
  }
  return [...seen].map(([key, value]) => ({ key, value }));
}

function limit(what: string, count: number, most: number): void {
  if (count <= most) return;
  throw invalid(`A batch logging request can contain at most ${most} ${what}. Got ${count} ${what}.`);
}

function tooLong(field: string, most: number, unit = "characters"): Error {
  return invalid(`'${field}' exceeds the maximum length of ${most} ${unit}.`);
}
