import { type Comparison, type Ordering, parseFilter, parseOrder, RUN_GRAMMAR } from "@countersign/tracking";
import { compare, Values } from "./condition.js";

export interface RunQuery {
  where: string;
  joins: string;
  order: string;
  values: unknown[];
}

const ATTRIBUTES: Record<string, string> = {
  run_id: "r.id",
  run_name: "r.name",
  user_id: "r.user_id",
  status: "r.status",
  artifact_uri: "r.artifact_uri",
  start_time: "r.started_at",
  end_time: "r.ended_at",
};

const TABLES = { metric: "latest_metrics", parameter: "run_params", tag: "run_tags" } as const;

/** The SQL of a search over `runs r`, whose first values (`$1` is the workspace) are the caller's. */
export function runQuery(filter: string, orderBy: readonly string[], first: number): RunQuery {
  const values = new Values(first);
  const conditions = parseFilter(filter, RUN_GRAMMAR).map((comparison) => conditionOf(comparison, values));
  const orderings = parseOrder(orderBy, RUN_GRAMMAR);
  const joins = orderings.map((ordering, i) => joinOf(ordering, i, values)).join("\n");
  return {
    where: ["true", ...conditions].join("\n and "),
    joins,
    order: [...orderings.flatMap(orderOf), ...tail(orderings)].join(", "),
    values: values.list,
  };
}

function conditionOf(comparison: Comparison, values: Values): string {
  const { entity, key, comparator } = comparison;
  if (entity === "attribute") return compare(ATTRIBUTES[key] ?? "null", comparison, values);
  if (entity === "dataset") return datasetCondition(comparison, values);
  const rows = `select 1 from ${TABLES[entity]} x where x.workspace = r.workspace and x.run = r.id and x.key = ${values.add(key)}::text`;
  if (comparator === "IS NULL") return `not exists (${rows})`;
  if (comparator === "IS NOT NULL") return `exists (${rows})`;
  if (entity === "metric") return `exists (${rows} and ${metricCondition(comparison, values)})`;
  return `exists (${rows} and ${compare("x.value", comparison, values)})`;
}

/** To PostgreSQL, NaN equals itself and is greater than all; to a client it compares with nothing. */
function metricCondition(comparison: Comparison, values: Values): string {
  const condition = compare("x.value", comparison, values);
  return comparison.comparator === "!=" ? condition : `(${condition} and x.value <> 'NaN')`;
}

function datasetCondition(comparison: Comparison, values: Values): string {
  const rows = "select 1 from run_inputs x where x.workspace = r.workspace and x.run = r.id";
  if (comparison.key !== "context")
    return `exists (${rows} and ${compare(`x.${comparison.key}`, comparison, values)})`;
  const value = compare("t->>'value'", comparison, values);
  const tags = `select 1 from json_array_elements(x.tags) t where t->>'key' = 'mlflow.data.context' and ${value}`;
  return `exists (${rows} and exists (${tags}))`;
}

function joinOf({ entity, key }: Ordering, i: number, values: Values): string {
  if (entity === "attribute" || entity === "dataset") return "";
  return `left join ${TABLES[entity]} o${i}
    on o${i}.workspace = r.workspace and o${i}.run = r.id and o${i}.key = ${values.add(key)}::text`;
}

/** NaN after all numbers, and runs without a value last, whichever the direction. */
function orderOf({ entity, key, ascending }: Ordering, i: number): string[] {
  const column = entity === "attribute" ? (ATTRIBUTES[key] ?? "null") : `o${i}.value`;
  const direction = ascending ? "asc" : "desc";
  const kind =
    entity === "metric"
      ? [`case when ${column} = 'NaN' then 1 when ${column} is null then 2 else 0 end`]
      : [];
  return [...kind, `${column} ${direction} nulls last`];
}

function tail(orderings: readonly Ordering[]): string[] {
  const byStart = orderings.some(({ entity, key }) => entity === "attribute" && key === "start_time");
  return byStart ? ["r.id"] : ["r.started_at desc nulls last", "r.id"];
}
