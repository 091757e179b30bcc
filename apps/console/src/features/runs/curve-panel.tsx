import type { ReactNode } from "react";
import { count } from "../../shared/ui/format.js";
import { Panel } from "../../shared/ui/panel.js";
import { Failure, Waiting } from "../../shared/ui/state.js";
import { useCurves } from "./api/get-runs.js";
import { Chart, type Look } from "./chart.js";
import { seriesOf } from "./curves.js";
import styles from "./runs.module.css";
import { figure, positive } from "./series.js";

interface CurvePanelProps {
  /** The metric. */
  of: string;
  runs: { id: string; name: string; live: boolean }[];
  look: Look;
}

/** One metric of one run or of several. */
export function CurvePanel({ of, runs, look }: CurvePanelProps): ReactNode {
  const curves = useCurves(runs.map(({ id, live }) => ({ run: id, key: of, live })));
  const error = curves.find((curve) => curve.error !== null)?.error;
  const told = curves.flatMap(({ data }, at) =>
    data === undefined || data.points.length === 0 ? [] : [seriesOf(runs[at]?.name ?? "", data, look.axis)],
  );
  const waits = curves.some(({ isPending }) => isPending);
  const strange = told.reduce((sum, series) => sum + series.strange, 0);
  const cut = curves.some(({ data }) => data !== undefined && data.total > data.points.length);
  const hidden = look.log
    ? told.reduce(
        (sum, { y }) => sum + positive(y).filter((value, at) => value === null && y[at] !== null).length,
        0,
      )
    : 0;
  const notes = [
    strange > 0 ? `${count(strange, "value is", "values are")} NaN or infinite` : "",
    hidden > 0 ? `${count(hidden, "value has", "values have")} no logarithm` : "",
    cut ? "thinned to 1,000 points, extremes kept" : "",
  ].filter((note) => note !== "");
  return (
    <Panel title={of} note={notes.join("; ") || undefined}>
      <div className={styles.curve}>
        {error ? (
          <Failure error={error} />
        ) : waits ? (
          <Waiting rows={5} />
        ) : told.every(({ y }) => y.length <= 1) ? (
          <Values told={told.map(({ name, y }) => [name, y[0] ?? null])} alone={runs.length === 1} />
        ) : (
          <Chart label={of} series={told} look={look} />
        )}
      </div>
    </Panel>
  );
}

/** A metric that was logged once needs no axes. */
function Values({ told, alone }: { told: [string, number | null][]; alone: boolean }): ReactNode {
  return (
    <dl className={styles.values}>
      {told.map(([name, value]) => (
        <div key={name}>
          {!alone && <dt>{name}</dt>}
          <dd>{figure(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
