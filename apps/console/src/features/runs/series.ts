/** One curve: x goes up, and null is a gap. */
export interface Series {
  name: string;
  x: number[];
  y: (number | null)[];
}

/**
 * The running mean that weighs the past with `weight` (0 to 1), without the pull towards zero at the start.
 * Gaps stay gaps and are not part of the mean.
 */
export const smooth = (values: (number | null)[], weight: number): (number | null)[] => {
  if (weight <= 0) return values;
  let mean = 0;
  let seen = 0;
  return values.map((value) => {
    if (value === null) return null;
    seen += 1;
    mean = mean * weight + (1 - weight) * value;
    return mean / (1 - weight ** seen);
  });
};

/** What a logarithmic axis can show: the rest becomes a gap. */
export const positive = (values: (number | null)[]): (number | null)[] =>
  values.map((value) => (value !== null && value > 0 ? value : null));

export interface Summary {
  last: number | null;
  least: number | null;
  most: number | null;
  points: number;
}

export const summaryOf = ({ y }: Series): Summary => {
  const known = y.filter((value) => value !== null);
  return {
    last: known.at(-1) ?? null,
    least: known.reduce<number | null>(
      (held, value) => (held === null ? value : Math.min(held, value)),
      null,
    ),
    most: known.reduce<number | null>((held, value) => (held === null ? value : Math.max(held, value)), null),
    points: known.length,
  };
};

/** Short enough for a table, exact enough to compare. */
export const figure = (value: number | null | undefined): string => {
  if (value === null || value === undefined) return "–";
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-3) return value.toExponential(3);
  return Number(value.toPrecision(5)).toLocaleString("en-GB", { maximumFractionDigits: 6 });
};
