import {
  type Comparison,
  type Fields,
  type Grammar,
  invalid,
  optionalFlag,
  optionalText,
  parseFilter,
  records,
  text,
} from "@countersign/tracking";
import { compared, type Query } from "../search.js";
import { statusWord } from "./rows.js";

const LOGGED_GRAMMAR: Grammar = {
  entities: ["attribute", "metric", "parameter", "tag"],
  attributes: {
    name: "text",
    model_id: "text",
    model_type: "text",
    status: "text",
    source_run_id: "text",
    experiment_id: "text",
    creation_timestamp: "number",
    last_updated_timestamp: "number",
  },
  lists: ["name", "model_id", "model_type", "status", "source_run_id"],
  aliases: { creation_time: "creation_timestamp", creation_timestamp_ms: "creation_timestamp" },
};

const COLUMNS: Record<string, string> = {
  name: "l.name",
  model_id: "l.id",
  model_type: "l.type",
  source_run_id: "l.run",
  experiment_id: "l.experiment",
  creation_timestamp: "l.created_at",
  last_updated_timestamp: "l.updated_at",
};

export interface DatasetWish {
  name: string;
  digest: string;
}

export function parseDatasets(input: Fields): DatasetWish[] {
  return records(input, "datasets").map((each) => ({
    name: text(each, "dataset_name"),
    digest: optionalText(each, "dataset_digest") ?? "",
  }));
}

/** The conditions of a search; metrics count only where they were measured on one of the datasets, when any are named. */
export function loggedConditions(query: Query, filter: string, datasets: readonly DatasetWish[]): string[] {
  const on = datasetCondition(query, datasets);
  const comparisons = parseFilter(filter, LOGGED_GRAMMAR);
  const conditions = comparisons.map((each) => conditionOf(query, each, on));
  const metrics = comparisons.some(({ entity }) => entity === "metric");
  if (on !== "" && !metrics) conditions.push(`exists (${METRICS}${on})`);
  return conditions;
}

const METRICS = "select 1 from model_metrics t where t.workspace = l.workspace and t.model = l.id";

function datasetCondition(query: Query, datasets: readonly DatasetWish[]): string {
  if (datasets.length === 0) return "";
  const each = datasets.map(({ name, digest }) => {
    const byDigest = digest === "" ? "" : ` and t.dataset_digest = ${query.bind(digest)}`;
    return `(t.dataset_name = ${query.bind(name)}${byDigest})`;
  });
  return ` and (${each.join(" or ")})`;
}

function conditionOf(query: Query, comparison: Comparison, on: string): string {
  const { entity, key, comparator } = comparison;
  if (entity === "metric")
    return `exists (${METRICS}${on} and t.key = ${query.bind(key)} and ${compared(query, "t.value", comparison)})`;
  if (entity === "attribute") return attribute(query, comparison);
  const kind = entity === "tag" ? "tag" : "param";
  const has = `exists (select 1 from logged_model_fields t where t.workspace = l.workspace and t.model = l.id
    and t.kind = '${kind}' and t.key = ${query.bind(key)}`;
  if (comparator === "IS NULL") return `not ${has})`;
  if (comparator === "IS NOT NULL") return `${has})`;
  return `${has} and ${compared(query, "t.value", comparison)})`;
}

function attribute(query: Query, comparison: Comparison): string {
  const { key, value } = comparison;
  if (key !== "status") return compared(query, columnOf(key), comparison);
  const numbers = [value].flat().map((word) => String(statusWord(String(word))));
  return compared(query, "l.status::text", {
    ...comparison,
    value: Array.isArray(value) ? numbers : (numbers[0] ?? "-1"),
  });
}

/** The first ordering by a metric needs its newest value on the dataset that it names. */
export function loggedOrder(query: Query, input: Fields): string {
  const clauses = records(input, "order_by").map((each) => {
    const field = text(each, "field_name");
    const direction = (optionalFlag(each, "ascending") ?? true) ? "asc" : "desc";
    return `${orderColumn(query, field, each)} ${direction} nulls last`;
  });
  if (clauses.length > 16) throw invalid("order_by has more than 16 clauses.");
  return [...clauses, "l.created_at desc", "l.id"].join(", ");
}

function orderColumn(query: Query, field: string, each: Fields): string {
  const [, metric] = /^metrics?\.(.+)$/s.exec(field) ?? [];
  if (metric === undefined) {
    const key = field.replace(/^attributes?\./, "");
    return columnOf(LOGGED_GRAMMAR.aliases[key] ?? key);
  }
  const name = optionalText(each, "dataset_name") ?? "";
  const digest = optionalText(each, "dataset_digest") ?? "";
  const on = name === "" ? "" : datasetCondition(query, [{ name, digest }]);
  return `(select t.value from model_metrics t where t.workspace = l.workspace and t.model = l.id
    and t.key = ${query.bind(metric.replace(/^`(.*)`$/s, "$1"))}${on}
    order by t.step desc, t.timestamp desc, t.value desc limit 1)`;
}

function columnOf(key: string): string {
  const column = Object.hasOwn(COLUMNS, key) ? COLUMNS[key] : undefined;
  if (column === undefined) throw invalid(`Invalid attribute key '${key.slice(0, 100)}'.`);
  return column;
}
