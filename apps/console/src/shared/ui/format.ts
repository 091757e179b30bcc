const UNITS = ["B", "kB", "MB", "GB", "TB"];

export const bytes = (count: number): string => {
  let value = count;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${value.toFixed(digits)} ${UNITS[unit] ?? "B"}`;
};

export const count = (value: number, one: string, many: string = `${one}s`): string =>
  `${value.toLocaleString("en-GB")} ${value === 1 ? one : many}`;

/** An argument as a shell reads it. */
export const quote = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
