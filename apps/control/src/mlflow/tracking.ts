import { type ExperimentOverview, experimentOverview } from "./experiments/overview.js";
import { ExperimentStore, type TrackingParts } from "./experiments/store.js";
import { type Curve, metricCurve } from "./runs/curve.js";
import { MetricHistory } from "./runs/history.js";
import { RunInputs } from "./runs/inputs.js";
import { RunLog } from "./runs/log.js";
import { RunStore } from "./runs/store.js";

/** Experiments, runs and what runs log: rows of the database, and never evidence. */
export interface Tracking {
  experiments: ExperimentStore;
  runs: RunStore;
  log: RunLog;
  inputs: RunInputs;
  history: MetricHistory;
  overview(query: { part: string; limit: number; offset: number }): Promise<ExperimentOverview[]>;
  curve(run: string, key: string): Promise<Curve>;
}

export async function openTracking(parts: TrackingParts): Promise<Tracking> {
  const experiments = new ExperimentStore(parts);
  const runs = new RunStore(parts, experiments);
  await experiments.ensureDefault();
  return {
    experiments,
    runs,
    log: new RunLog(parts),
    inputs: new RunInputs(parts, runs),
    history: new MetricHistory(parts),
    overview: (query) => experimentOverview(parts, query),
    curve: (run, key) => metricCurve(parts, run, key),
  };
}
