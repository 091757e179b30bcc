import { type Comparison, EXPERIMENT_GRAMMAR, invalid, parseFilter, parseOrder } from "@countersign/tracking";
import { compare, Values } from "./condition.js";

export interface ExperimentQuery {
  where: string;
  order: string;
  values: unknown[];
}

const ATTRIBUTES: Record<string, string> = {
  name: "e.name",
  experiment_id: "e.id::text",
  creation_time: "e.created_at",
  last_update_time: "e.updated_at",
};

/** The SQL of a search over `experiments e`; the values before `$first` are the caller's. */
export function experimentQuery(filter: string, orderBy: readonly string[], first: number): ExperimentQuery {
  const values = new Values(first);
  const conditions = parseFilter(filter, EXPERIMENT_GRAMMAR).map((c) => conditionOf(c, values));
  return {
    where: ["true", ...conditions].join(" and "),
    order: orderOf(orderBy).join(", "),
    values: values.list,
  };
}

function conditionOf(comparison: Comparison, values: Values): string {
  const { entity, key, comparator } = comparison;
  if (entity === "attribute") return compare(ATTRIBUTES[key] ?? "null", comparison, values);
  const rows = `select 1 from experiment_tags x
    where x.workspace = e.workspace and x.experiment = e.id and x.key = ${values.add(key)}::text`;
  if (comparator === "IS NULL") return `not exists (${rows})`;
  if (comparator === "IS NOT NULL") return `exists (${rows})`;
  return `exists (${rows} and ${compare("x.value", comparison, values)})`;
}

function orderOf(clauses: readonly string[]): string[] {
  if (clauses.length === 0) return ["e.created_at desc", "e.id desc"];
  const order = parseOrder(clauses, EXPERIMENT_GRAMMAR).map(({ entity, key, ascending }) => {
    if (entity !== "attribute") throw invalid(`Invalid order_by entity: ${entity}`);
    const column = key === "experiment_id" ? "e.id" : (ATTRIBUTES[key] ?? "null");
    return `${column} ${ascending ? "asc" : "desc"}`;
  });
  return [...order, "e.id desc"];
}
