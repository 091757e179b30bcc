import { isRecord } from "@countersign/evidence";

// Readers of foreign JSON: what has another shape than promised reads as absent, never as a crash.

export type Loose = Record<string, unknown>;

export function record(value: unknown): Loose {
  return isRecord(value) ? value : {};
}

export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

export function records(value: unknown): Loose[] {
  return list(value).filter(isRecord);
}

/** Text, or a number or boolean as text; undefined for anything else and for "". */
export function text(value: unknown): string | undefined {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function texts(value: unknown): string[] {
  const all = Array.isArray(value) ? value : [value];
  return all.flatMap((one) => text(one) ?? []);
}

/** `{ [name]: value }`, or nothing where there is no value: exact optional members without a condition at each. */
export function optional<K extends string, V>(name: K, value: V | undefined): { [P in K]?: V } {
  return (value === undefined ? {} : { [name]: value }) as { [P in K]?: V };
}

/** Text without half characters: what cannot be written as UTF-8 becomes U+FFFD. */
export function wellFormed(value: string): string {
  return Buffer.from(value).toString("utf8");
}
