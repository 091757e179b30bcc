import type { Comparison } from "@countersign/tracking";

/** Collects the values of a statement while its text is made: nothing that a client wrote gets into the text. */
export class Values {
  readonly list: unknown[] = [];
  readonly #first: number;

  /** `$1` to `$first - 1` are the caller's. */
  constructor(first: number) {
    this.#first = first;
  }

  add(value: unknown): string {
    this.list.push(value);
    return `$${this.#first + this.list.length - 1}`;
  }
}

/** `column` is an SQL expression of ours. */
export function compare(
  column: string,
  { comparator, value }: Pick<Comparison, "comparator" | "value">,
  values: Values,
): string {
  if (comparator === "IN") return `${column} = any(${values.add(value)}::text[])`;
  if (comparator === "NOT IN") return `${column} <> all(${values.add(value)}::text[])`;
  const cast = typeof value === "number" ? "::double precision" : "::text";
  const right = `${values.add(value)}${cast}`;
  // A backslash is a character like any other in MLflow's patterns.
  if (comparator === "LIKE" || comparator === "ILIKE") return `${column} ${comparator} ${right} escape ''`;
  if (comparator === "IS NULL" || comparator === "IS NOT NULL") return `${column} ${comparator}`;
  return `${column} ${comparator} ${right}`;
}
