import { route } from "../route.js";
import {
  ExperimentPage,
  ExperimentQuery,
  MetricCurve,
  MetricParams,
  RunArtifactList,
  RunArtifactQuery,
  RunDetail,
  RunPage,
  RunParams,
  RunQuery,
} from "../run.js";
import { inSpace, read, space } from "./base.js";

/** Experiments and runs, for the console; training code writes them through MLflow's own protocol. */
export const runRoutes = {
  experiments: route({
    id: "experiments",
    method: "GET",
    path: `${space}/experiments`,
    ...read,
    ...inSpace,
    query: ExperimentQuery,
    response: ExperimentPage,
    summary: "Experiments, the one with the newest run first",
  }),
  runs: route({
    id: "runs",
    method: "GET",
    path: `${space}/runs`,
    ...read,
    ...inSpace,
    query: RunQuery,
    response: RunPage,
    summary: "Runs, newest first or as asked",
  }),
  run: route({
    id: "run",
    method: "GET",
    path: `${space}/runs/{id}`,
    ...read,
    params: RunParams,
    response: RunDetail,
    summary: "One run",
  }),
  runMetric: route({
    id: "runMetric",
    method: "GET",
    path: `${space}/runs/{id}/metrics/{key}`,
    ...read,
    params: MetricParams,
    response: MetricCurve,
    summary: "The curve of a metric, thinned to 1,000 points",
  }),
  runArtifacts: route({
    id: "runArtifacts",
    method: "GET",
    path: `${space}/runs/{id}/artifacts`,
    ...read,
    params: RunParams,
    query: RunArtifactQuery,
    response: RunArtifactList,
    summary: "What stands in a directory of a run",
  }),
} as const;
