import { type Comparison, type Grammar, invalid, type Ordering } from "@countersign/tracking";
import { PROMPT_TAG } from "./names.js";

export const MODEL_GRAMMAR: Grammar = {
  entities: ["attribute", "tag"],
  attributes: { name: "text", creation_timestamp: "number", last_updated_timestamp: "number" },
  lists: ["name"],
  aliases: { timestamp: "last_updated_timestamp" },
};

export const VERSION_GRAMMAR: Grammar = {
  entities: ["attribute", "tag"],
  attributes: {
    name: "text",
    run_id: "text",
    source_path: "text",
    version_number: "number",
    creation_timestamp: "number",
    last_updated_timestamp: "number",
  },
  lists: ["name", "run_id", "source_path"],
  aliases: { version: "version_number", timestamp: "last_updated_timestamp" },
};

/** Which column answers for which attribute, and where tags are. Column names are ours, never a client's. */
export interface Mapping {
  columns: Readonly<Record<string, string>>;
  /** The condition that ties rows `t` of the tags to the row in question. */
  tags: string;
}

export const MODEL_MAPPING: Mapping = {
  columns: {
    name: "m.name",
    creation_timestamp: "m.created_at",
    last_updated_timestamp: "m.updated_at",
  },
  tags: "registry_tags t where t.workspace = m.workspace and t.model = m.id and t.version = 0",
};

export const VERSION_MAPPING: Mapping = {
  columns: {
    name: "m.name",
    run_id: "v.run",
    source_path: "v.source",
    version_number: "v.version",
    creation_timestamp: "v.created_at",
    last_updated_timestamp: "v.updated_at",
  },
  tags: "registry_tags t where t.workspace = v.workspace and t.model = v.model and t.version = v.version",
};

/** SQL with numbered values. */
export class Query {
  readonly values: unknown[] = [];

  bind(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}

export function conditionOf(query: Query, comparison: Comparison, mapping: Mapping): string {
  const { entity, key } = comparison;
  if (entity === "attribute") return compared(query, columnOf(mapping, key), comparison);
  if (entity !== "tag") throw invalid(`A filter over ${entity}s is not supported here.`);
  const has = `exists (select 1 from ${mapping.tags} and t.key = ${query.bind(key)}`;
  // As in MLflow, what lacks a tag is not compared; only of prompts are there models that never heard.
  if (comparison.comparator === "!=" && key === PROMPT_TAG)
    return `not ${has} and t.value = ${query.bind(comparison.value)})`;
  if (comparison.comparator === "IS NULL") return `not ${has})`;
  if (comparison.comparator === "IS NOT NULL") return `${has})`;
  return `${has} and ${compared(query, "t.value", comparison)})`;
}

export function compared(query: Query, column: string, { comparator, value }: Comparison): string {
  if (comparator === "IN") return `${column} = any(${query.bind(value)}::text[])`;
  if (comparator === "NOT IN") return `${column} <> all(${query.bind(value)}::text[])`;
  if (comparator === "IS NULL" || comparator === "IS NOT NULL") return `${column} ${comparator}`;
  return `${column} ${comparator} ${query.bind(value)}`;
}

export function orderOf(orderings: readonly Ordering[], mapping: Mapping, last: string): string {
  const columns = orderings.map(({ entity, key, ascending }) => {
    if (entity !== "attribute") throw invalid("order_by takes attributes only.");
    return `${columnOf(mapping, key)} ${ascending ? "asc" : "desc"}`;
  });
  return [...columns, last].join(", ");
}

function columnOf({ columns }: Mapping, key: string): string {
  const column = columns[key];
  if (column === undefined) throw invalid(`Invalid attribute key '${key}'.`);
  return column;
}
