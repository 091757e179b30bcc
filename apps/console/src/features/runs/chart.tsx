import { useComputedColorScheme } from "@mantine/core";
import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import styles from "./chart.module.css";
import { figure, positive, type Series, smooth, summaryOf } from "./series.js";

export interface Look {
  log: boolean;
  /** 0 to 0.99. */
  smoothing: number;
  /** What x is. */
  axis: "step" | "time";
}

interface ChartProps {
  /** The metric. */
  label: string;
  series: Series[];
  look: Look;
}

const HEIGHT = 220;
const COLOURS = 10;

/** Curves over steps or time; the pointer or the arrow keys tell the values. */
export function Chart({ label, series, look }: ChartProps): ReactNode {
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const scheme = useComputedColorScheme("light");
  const [told, setTold] = useState("");
  const data = useMemo(() => join(series, look), [series, look]);
  const names = series.map(({ name }) => name).join("\n");
  // biome-ignore lint/correctness/useExhaustiveDependencies: `scheme` changes what the colours come to
  useEffect(() => {
    const { current } = frame;
    if (current === null) return undefined;
    const made = new uPlot(optionsOf(current, names.split("\n"), look), data, current);
    plot.current = made;
    const watcher = new ResizeObserver(() => made.setSize({ width: current.clientWidth, height: HEIGHT }));
    watcher.observe(current);
    return () => {
      watcher.disconnect();
      made.destroy();
      plot.current = undefined;
    };
  }, [data, names, look, scheme]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const { current } = plot;
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (current === undefined || step === undefined) return;
    event.preventDefault();
    const xs = current.data[0];
    const at = Math.max(
      0,
      Math.min(xs.length - 1, (current.cursor.idx ?? (step > 0 ? -1 : xs.length)) + step),
    );
    current.setCursor({ left: current.valToPos(xs[at] ?? 0, "x"), top: 10 });
    const values = series.map(({ name }, which) => `${name} ${figure(current.data[which + 1]?.[at])}`);
    setTold(`${axisWord(look)} ${position(xs[at] ?? 0, look)}: ${values.join(", ")}`);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: not a set of fields
    <div
      className={styles.chart}
      role="group"
      aria-label={`${describe(label, series)} Arrow keys tell the values.`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move its cursor
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div ref={frame} style={{ minHeight: HEIGHT + 30 }} aria-hidden="true" />
      <span className="visually-hidden" role="status">
        {told}
      </span>
    </div>
  );
}

const describe = (label: string, series: Series[]): string =>
  series
    .map((one) => {
      const { last, least, most, points } = summaryOf(one);
      return `${series.length > 1 ? `${one.name}, ` : ""}${label}: ${points} values from ${figure(least)} to ${figure(most)}, last ${figure(last)}.`;
    })
    .join(" ");

const axisWord = ({ axis }: Look): string => (axis === "step" ? "Step" : "After");

const position = (value: number, { axis }: Look): string =>
  axis === "step" ? value.toLocaleString("en-GB") : duration(value);

export const duration = (seconds: number): string => {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 60) return `${Number(seconds.toFixed(1))} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${Math.round(seconds % 60)} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
};

/** Smoothed curves first, then, when there is smoothing, what they were made of. */
const join = (series: Series[], { log, smoothing }: Look): uPlot.AlignedData => {
  const shown = series.map(({ x, y }) => [x, log ? positive(y) : y] as const);
  const tables = shown.map(([x, y]): uPlot.AlignedData => [x, smooth(y, smoothing)]);
  const raw = smoothing > 0 ? shown.map(([x, y]): uPlot.AlignedData => [x, y]) : [];
  return uPlot.join([...tables, ...raw]);
};

const colour = (frame: HTMLElement, name: string): string => {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  frame.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
};

const optionsOf = (frame: HTMLElement, names: string[], look: Look): uPlot.Options => {
  const [dim, line] = [colour(frame, "--dim"), colour(frame, "--line")];
  const axis = { stroke: dim, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 } };
  const curve = (name: string, which: number, faint: boolean): uPlot.Series => ({
    label: faint ? `${name} as logged` : name,
    stroke: colour(frame, `--series-${(which % COLOURS) + 1}`),
    width: faint ? 1 : 2,
    alpha: faint ? 0.3 : 1,
    spanGaps: true,
    points: { show: false },
    value: (_, value) => figure(value),
  });
  const faint = look.smoothing > 0 ? names.map((name, which) => curve(name, which, true)) : [];
  return {
    width: frame.clientWidth,
    height: HEIGHT,
    scales: { x: { time: false }, y: { distr: look.log ? 3 : 1 } },
    axes: [
      { ...axis, values: (_, splits) => splits.map((value) => position(value, look)), space: 70 },
      {
        ...axis,
        size: 62,
        values: (_, splits) => splits.map((value) => (value === null ? "" : figure(value))),
      },
    ],
    cursor: { points: { size: 7 }, drag: { x: true, y: false } },
    legend: { live: true },
    series: [
      { label: axisWord(look), value: (_, value) => (value === null ? "–" : position(value, look)) },
      ...names.map((name, which) => curve(name, which, false)),
      ...faint,
    ],
  };
};
