import { writeDouble } from "@countersign/tracking";
import type { LoggedDetail, LoggedMetric, LoggedModelRow } from "./rows.js";
import { statusName } from "./rows.js";

/** Where clients write and read the artifacts of a logged model. */
export function artifactUri({ experiment, id }: Pick<LoggedModelRow, "experiment" | "id">): string {
  return `mlflow-artifacts:/${experiment}/models/${id}/artifacts`;
}

export function loggedModelView(row: LoggedModelRow, detail: LoggedDetail): object {
  return {
    info: {
      model_id: row.id,
      experiment_id: row.experiment,
      name: row.name,
      creation_timestamp_ms: row.createdAt,
      last_updated_timestamp_ms: row.updatedAt,
      artifact_uri: artifactUri(row),
      status: statusName(row.status),
      model_type: row.type,
      source_run_id: row.run,
      tags: detail.tags,
      registrations: detail.registrations.map(({ name, version }) => ({ name, version: String(version) })),
    },
    data: { params: detail.params, metrics: detail.metrics.map(metricView) },
  };
}

function metricView(metric: LoggedMetric): object {
  const dataset = metric.datasetName !== "" || metric.datasetDigest !== "";
  return {
    key: metric.key,
    value: writeDouble(metric.value),
    timestamp: metric.timestamp,
    step: metric.step,
    model_id: metric.model,
    run_id: metric.run,
    ...(dataset ? { dataset_name: metric.datasetName, dataset_digest: metric.datasetDigest } : {}),
  };
}
