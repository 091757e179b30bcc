import { type Static, Type } from "typebox";
import { Digest, Millis, nullable, PageQuery, page, WorkspaceId } from "./common.js";

/** A number, or the name of what JSON has no number for. */
export const MetricValue = Type.Union([Type.Number(), Type.Enum(["NaN", "Infinity", "-Infinity"])]);
export type MetricValue = Static<typeof MetricValue>;

const Texts = Type.Record(Type.String(), Type.String());

export const TrackedExperiment = Type.Object({
  id: Type.String(),
  name: Type.String(),
  stage: Type.Enum(["active", "deleted"]),
  artifactLocation: Type.String(),
  createdAt: Millis,
  updatedAt: Millis,
  runs: Type.Integer({ description: "how many there are, without deleted ones" }),
  lastRunAt: nullable(Millis),
  tags: Texts,
});
export type TrackedExperiment = Static<typeof TrackedExperiment>;

/** The newest value of a metric. */
export const MetricSummary = Type.Object({
  value: MetricValue,
  step: Type.Integer(),
  timestamp: Type.Integer({ description: "by the client's clock" }),
});
export type MetricSummary = Static<typeof MetricSummary>;

export const RunInput = Type.Object({
  name: Type.String(),
  digest: Type.String({ description: "as the client said" }),
  context: Type.String({ description: "as `training`; empty when the client said none" }),
  sourceType: Type.String(),
  artifact: nullable(Digest),
});
export type RunInput = Static<typeof RunInput>;

const ModelLink = Type.Object({ model: Type.String(), step: Type.Integer() });

export const RunSummary = Type.Object({
  id: Type.String(),
  name: Type.String(),
  experiment: Type.String(),
  status: Type.Enum(["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"]),
  stale: Type.Boolean({ description: "still running by its status, and silent for an hour" }),
  stage: Type.Enum(["active", "deleted"]),
  user: Type.String({ description: "as the client said" }),
  principal: Type.String({ description: "whose token started it" }),
  startedAt: nullable(Type.Integer({ description: "by the client's clock" })),
  endedAt: nullable(Type.Integer({ description: "by the client's clock" })),
  createdAt: Millis,
  seenAt: Millis,
  metrics: Type.Record(Type.String(), MetricSummary),
  parameters: Texts,
  tags: Texts,
  inputs: Type.Array(RunInput),
  modelInputs: Type.Array(ModelLink),
  modelOutputs: Type.Array(ModelLink),
});
export type RunSummary = Static<typeof RunSummary>;

export const RunDetail = Type.Object({
  ...RunSummary.properties,
  experimentName: Type.String(),
  artifactUri: Type.String(),
  /** Runs that this one started. */
  children: Type.Array(Type.String()),
});
export type RunDetail = Static<typeof RunDetail>;

export const MetricCurve = Type.Object({
  run: Type.String(),
  key: Type.String(),
  total: Type.Integer({ description: "how many values were logged" }),
  points: Type.Array(Type.Object({ step: Type.Integer(), timestamp: Type.Integer(), value: MetricValue }), {
    description: "at most 1,000, by step; extremes are kept",
  }),
});
export type MetricCurve = Static<typeof MetricCurve>;

export const RunArtifact = Type.Object({
  path: Type.String({ description: "from the run's root" }),
  directory: Type.Boolean(),
  size: Type.Integer(),
  digest: nullable(Digest),
});
export type RunArtifact = Static<typeof RunArtifact>;

export const ExperimentPage = page(TrackedExperiment);
export const ExperimentQuery = Type.Object({
  ...PageQuery.properties,
  query: Type.Optional(Type.String({ maxLength: 256, description: "part of the name" })),
});
export type ExperimentQuery = Static<typeof ExperimentQuery>;

export const RunPage = page(RunSummary);
export const RunQuery = Type.Object({
  ...PageQuery.properties,
  experiment: Type.Optional(Type.String({ pattern: "^\\d{1,15}$" })),
  filter: Type.Optional(
    Type.String({ maxLength: 4_096, description: "as in MLflow: metrics.auc > 0.9 and tags.team = 'x'" }),
  ),
  order: Type.Optional(
    Type.String({ maxLength: 1_024, description: "as in MLflow, with commas: metrics.auc DESC, start_time" }),
  ),
});
export type RunQuery = Static<typeof RunQuery>;

export const RunParams = Type.Object({ workspace: WorkspaceId, id: Type.String({ maxLength: 64 }) });
export const MetricParams = Type.Object({
  ...RunParams.properties,
  key: Type.String({ minLength: 1, maxLength: 250 }),
});
export const RunArtifactQuery = Type.Object({ path: Type.Optional(Type.String({ maxLength: 1_024 })) });
export type RunArtifactQuery = Static<typeof RunArtifactQuery>;
export const RunArtifactList = Type.Object({ items: Type.Array(RunArtifact) });
