import { invalid } from "./error.js";
import { type Fields, optionalRecord, optionalText, records, text } from "./fields.js";
import type { Pair } from "./limits.js";

export interface DatasetInput {
  name: string;
  digest: string;
  sourceType: string;
  source: string;
  schema: string | null;
  profile: string | null;
  tags: Pair[];
}

const MAX = {
  name: 500,
  digest: 100,
  source: 65_535,
  schema: 1_048_575,
  profile: 16_777_215,
  key: 255,
  value: 500,
};

/** The datasets that a run says it reads, each once: the first one wins. */
export function parseDatasetInputs(input: Fields): DatasetInput[] {
  const found = new Map<string, DatasetInput>();
  for (const item of records(input, "datasets")) {
    const dataset = parseDatasetInput(item);
    const key = JSON.stringify([dataset.name, dataset.digest]);
    if (!found.has(key)) found.set(key, dataset);
  }
  return [...found.values()];
}

function parseDatasetInput(input: Fields): DatasetInput {
  const dataset = optionalRecord(input, "dataset");
  if (!dataset) throw invalid("Missing value for required parameter 'dataset'.");
  return {
    name: bounded("name", text(dataset, "name")),
    digest: bounded("digest", text(dataset, "digest")),
    sourceType: bounded("name", text(dataset, "source_type")),
    source: bounded("source", text(dataset, "source")),
    schema: maybe("schema", optionalText(dataset, "schema")),
    profile: maybe("profile", optionalText(dataset, "profile")),
    tags: records(input, "tags").map((tag) => ({
      key: bounded("key", text(tag, "key")),
      value: bounded("value", optionalText(tag, "value") ?? ""),
    })),
  };
}

function maybe(field: keyof typeof MAX, value: string | undefined): string | null {
  return value === undefined ? null : bounded(field, value);
}

function bounded(field: keyof typeof MAX, value: string): string {
  if (value.length <= MAX[field]) return value;
  throw invalid(`'${field}' exceeds the maximum length of ${MAX[field]} characters.`);
}
