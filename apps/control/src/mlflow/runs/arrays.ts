/** The array literals of PostgreSQL, made at once: the driver would quote every number by itself. */
export function numberArray(values: readonly number[]): string {
  return `{${values.join(",")}}`;
}

export function textArray(values: readonly string[]): string {
  return `{${values.map(quoted).join(",")}}`;
}

function quoted(value: string): string {
  return `"${value.replace(/[\\"]/g, "\\$&")}"`;
}
