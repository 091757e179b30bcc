import type { Page } from "../common.js";
import { runRoutes as routes } from "../routes/runs.js";
import type {
  ExperimentQuery,
  MetricCurve,
  RunArtifact,
  RunArtifactQuery,
  RunDetail,
  RunQuery,
  RunSummary,
  TrackedExperiment,
} from "../run.js";
import type { CallOptions, Transport } from "../transport.js";

/** Experiments and runs, for the console. */
export interface RunClient {
  experiments: { list(query?: ExperimentQuery, options?: CallOptions): Promise<Page<TrackedExperiment>> };
  runs: {
    list(query?: RunQuery, options?: CallOptions): Promise<Page<RunSummary>>;
    get(id: string, options?: CallOptions): Promise<RunDetail>;
    metric(id: string, key: string, options?: CallOptions): Promise<MetricCurve>;
    artifacts(id: string, query?: RunArtifactQuery, options?: CallOptions): Promise<{ items: RunArtifact[] }>;
  };
}

export function runCalls(http: Transport): RunClient {
  return {
    experiments: { list: (query, o) => http.call(routes.experiments, { query }, o) },
    runs: {
      list: (query, o) => http.call(routes.runs, { query }, o),
      get: (id, o) => http.call(routes.run, { params: { id } }, o),
      metric: (id, key, o) => http.call(routes.runMetric, { params: { id, key } }, o),
      artifacts: (id, query, o) => http.call(routes.runArtifacts, { params: { id }, query }, o),
    },
  };
}
