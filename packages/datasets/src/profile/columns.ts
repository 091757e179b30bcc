import { isPersonal, MIN_SHARED, quotable } from "./privacy.js";
import { identifier } from "./sql.js";
import type { ColumnProfile, Privacy } from "./types.js";

/** A column as `DESCRIBE` names it. */
export interface Column {
  name: string;
  type: string;
}

const NUMBER = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL\(.*\))$/;
const TIME = /^(DATE|TIME|TIMESTAMP.*)$/;
const MAX_NAME = 256;

/** Aggregates of one column, by the answer's field. Each must use bounded memory, whatever the number of rows. */
export function aggregates({ name, type }: Column, at: number): string[] {
  const column = identifier(name);
  const fields = [`count(*) - count(${column}) as nulls_${at}`];
  if (NUMBER.test(type)) {
    const value = `${column}::DOUBLE`;
    const finite = `filter (where isfinite(${value}))`;
    fields.push(
      `approx_count_distinct(${column}) as distinct_${at}`,
      `(min(${column}) ${finite})::VARCHAR as min_${at}`,
      `(max(${column}) ${finite})::VARCHAR as max_${at}`,
      `avg(${value}) ${finite} as mean_${at}`,
      `approx_quantile(${value}, [0.05, 0.25, 0.5, 0.75, 0.95]) ${finite} as quantiles_${at}`,
      `count(*) filter (where not isfinite(${value})) as odd_${at}`,
    );
  } else if (TIME.test(type)) {
    fields.push(
      `approx_count_distinct(${column}) as distinct_${at}`,
      `min(${column})::VARCHAR as min_${at}`,
      `max(${column})::VARCHAR as max_${at}`,
    );
  } else if (type === "VARCHAR" || type === "BOOLEAN" || type.startsWith("ENUM")) {
    fields.push(`approx_count_distinct(${column}) as distinct_${at}`);
  }
  return fields;
}

/** Whether frequent values are worth asking for. */
export function hasGroups({ type }: Column, profile: ColumnProfile): boolean {
  const text = type === "VARCHAR" || type === "BOOLEAN" || type.startsWith("ENUM");
  return text && profile.personal !== true && (profile.distinct ?? 0) <= 60;
}

/** Reads the aggregates' answer. */
export function readColumn(
  column: Column,
  row: Record<string, unknown>,
  at: number,
  rows: number,
  privacy: Privacy,
): ColumnProfile {
  const personal = isPersonal(column.name, privacy);
  const profile: ColumnProfile = {
    name: shortName(column.name),
    type: column.type.slice(0, MAX_NAME),
    nulls: whole(row[`nulls_${at}`]),
  };
  const distinct = row[`distinct_${at}`];
  if (distinct !== undefined) profile.distinct = whole(distinct);
  if (personal) return { ...profile, personal };
  // The extremes of a handful of rows are those rows.
  if (rows < MIN_SHARED) return profile;
  return { ...profile, ...statistics(row, at) };
}

function statistics(row: Record<string, unknown>, at: number): Partial<ColumnProfile> {
  const mean = row[`mean_${at}`];
  const [min, max] = [row[`min_${at}`], row[`max_${at}`]];
  const quantiles = row[`quantiles_${at}`];
  const odd = whole(row[`odd_${at}`] ?? 0);
  const finite = Array.isArray(quantiles) && quantiles.every((value) => Number.isFinite(value));
  return {
    ...(typeof min === "string" ? { min: min.slice(0, MAX_NAME) } : {}),
    ...(typeof max === "string" ? { max: max.slice(0, MAX_NAME) } : {}),
    ...(typeof mean === "number" && Number.isFinite(mean) ? { mean } : {}),
    ...(finite ? { quantiles: quantiles as number[] } : {}),
    ...(odd > 0 ? { nonFinite: odd } : {}),
  };
}

export function withTop(profile: ColumnProfile, top: { value: string; count: number }[]): ColumnProfile {
  const shown = quotable(top, profile.distinct ?? 0);
  return shown.length === 0 ? profile : { ...profile, top: shown };
}

export const whole = (value: unknown): number => {
  const number = Number(value);
  return Number.isSafeInteger(number) && number >= 0 ? number : 0;
};

/** Names are others' text: kept short, and without half characters, which JSON cannot carry. */
export function shortName(name: string): string {
  const well = name.slice(0, MAX_NAME).replace(/\p{Cs}/gu, "\ufffd");
  return name.length > MAX_NAME ? `${well}\u2026` : well;
}
