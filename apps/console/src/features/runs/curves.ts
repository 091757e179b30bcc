import type { MetricCurve } from "@countersign/api";
import type { Look } from "./chart.js";
import type { Series } from "./series.js";

export interface Told extends Series {
  /** Values that no axis can show: NaN and infinities. */
  strange: number;
}

/** One point for each place on the axis; of several at one step the last stays, as MLflow shows it. */
export const seriesOf = (name: string, { points }: MetricCurve, axis: Look["axis"]): Told => {
  const start = points.reduce((least, { timestamp }) => Math.min(least, timestamp), Number.POSITIVE_INFINITY);
  const values = new Map<number, number | null>();
  let strange = 0;
  for (const { step, timestamp, value } of points) {
    if (typeof value === "string") strange += 1;
    values.set(axis === "step" ? step : (timestamp - start) / 1000, typeof value === "number" ? value : null);
  }
  const sorted = [...values].sort(([a], [b]) => a - b);
  return { name, x: sorted.map(([x]) => x), y: sorted.map(([, y]) => y), strange };
};
