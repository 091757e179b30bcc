import { writeDouble } from "@countersign/tracking";
import type { InputRow, MetricPoint } from "./data.js";
import type { Run, RunInfo } from "./store.js";

/** How a run is written to a client. Old ones read `run_uuid`. */
export function viewRun(run: Run): object {
  return {
    info: viewInfo(run),
    data: { metrics: run.metrics.map(viewMetric), params: run.parameters, tags: run.tags },
    inputs: {
      dataset_inputs: run.inputs.map(viewInput),
      model_inputs: run.modelInputs.map(({ model }) => ({ model_id: model })),
    },
    outputs: { model_outputs: run.modelOutputs.map(({ model, step }) => ({ model_id: model, step })) },
  };
}

export function viewInfo(run: RunInfo): object {
  return {
    run_id: run.id,
    run_uuid: run.id,
    run_name: run.name,
    experiment_id: String(run.experiment),
    user_id: run.userId,
    status: run.status,
    ...(run.startedAt === null ? {} : { start_time: run.startedAt }),
    ...(run.endedAt === null ? {} : { end_time: run.endedAt }),
    artifact_uri: run.artifactUri,
    lifecycle_stage: run.stage,
  };
}

export function viewMetric({ key, value, timestamp, step }: MetricPoint): object {
  return { key, value: writeDouble(value), timestamp, step };
}

function viewInput({ name, digest, sourceType, source, schema, profile, tags }: InputRow): object {
  return {
    tags,
    dataset: {
      name,
      digest,
      source_type: sourceType,
      source,
      ...(schema === null ? {} : { schema }),
      ...(profile === null ? {} : { profile }),
    },
  };
}
