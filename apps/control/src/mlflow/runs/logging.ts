import {
  integer,
  invalid,
  optionalInteger,
  parseBatch,
  parseDatasetInputs,
  parseMetric,
  parseModelOutput,
  parseParameter,
  parseTag,
  parseWindow,
  records,
  requiredId,
  text,
  texts,
} from "@countersign/tracking";
import type { Endpoint, ProtocolContext } from "../mount.js";
import { runId } from "./endpoints.js";
import { judgeInputs } from "./inputs.js";
import { viewMetric } from "./view.js";

const MAX_HISTORY = 25_000;
const MAX_BULK_RUNS = 100;
const MAX_SAMPLE = 2_500;
const NOTHING = { metrics: [], parameters: [], tags: [] };

/** What MLflow clients call to log into a run, and to read metrics back. */
export const loggingEndpoints: Endpoint[] = [
  { method: "POST", path: "/mlflow/runs/log-batch", scope: "write", act: logBatch },
  { method: "POST", path: "/mlflow/runs/log-metric", scope: "write", act: logMetric },
  { method: "POST", path: "/mlflow/runs/log-parameter", scope: "write", act: logParameter },
  { method: "POST", path: "/mlflow/runs/set-tag", scope: "write", act: setTag },
  { method: "POST", path: "/mlflow/runs/delete-tag", scope: "write", act: deleteTag },
  { method: "POST", path: "/mlflow/runs/log-inputs", scope: "write", act: logInputs },
  { method: "POST", path: "/mlflow/runs/outputs", scope: "write", act: logOutputs },
  { method: "POST", path: "/mlflow/runs/log-model", scope: "write", act: logModel },
  { method: "GET", path: "/mlflow/metrics/get-history", scope: "read", act: history },
  { method: "GET", path: "/mlflow/metrics/get-history-bulk", scope: "read", act: bulk },
  { method: "GET", path: "/mlflow/metrics/get-history-bulk-interval", scope: "read", act: interval },
];

async function logBatch({ input, services }: ProtocolContext): Promise<object> {
  await services.tracking.log.write(text(input, "run_id"), parseBatch(input));
  return {};
}

async function logMetric({ input, services }: ProtocolContext): Promise<object> {
  await services.tracking.log.write(runId(input), { ...NOTHING, metrics: [parseMetric(input)] });
  return {};
}

async function logParameter({ input, services }: ProtocolContext): Promise<object> {
  await services.tracking.log.write(runId(input), { ...NOTHING, parameters: [parseParameter(input)] });
  return {};
}

async function setTag({ input, services }: ProtocolContext): Promise<object> {
  await services.tracking.log.write(runId(input), { ...NOTHING, tags: [parseTag(input)] });
  return {};
}

async function deleteTag({ input, services }: ProtocolContext): Promise<object> {
  await services.tracking.log.deleteTag(runId(input), text(input, "key"));
  return {};
}

async function logInputs({ input, services, caller }: ProtocolContext): Promise<object> {
  const run = runId(input);
  const models = records(input, "models").map((item) => ({ model: requiredId(item, "model_id"), step: 0 }));
  const datasets = await judgeInputs(services.datasets, parseDatasetInputs(input), {
    run,
    principal: caller.principal,
  });
  await services.tracking.inputs.log(run, datasets, models);
  return {};
}

async function logOutputs({ input, services }: ProtocolContext): Promise<object> {
  await services.tracking.inputs.logOutputs(runId(input), records(input, "models").map(parseModelOutput));
  return {};
}

const MODEL_HISTORY = "mlflow.log-model.history";
const MAX_MODEL_JSON = 1_000_000;

/** Clients before 3 record a model as a tag of its run; the newest still do so beside the logged model. */
async function logModel({ input, services }: ProtocolContext): Promise<object> {
  const run = runId(input);
  const model = parseModel(text(input, "model_json"));
  const { tags } = await services.tracking.runs.get(run);
  const before = tags.find(({ key }) => key === MODEL_HISTORY)?.value;
  const value = JSON.stringify([...parseHistory(before), model]);
  if (value.length > MAX_MODEL_JSON)
    throw invalid("The models of this run have more metadata than a run can hold.");
  await services.tracking.log.write(run, { ...NOTHING, tags: [{ key: MODEL_HISTORY, value }] });
  return {};
}

/** A client may have set the tag to anything. */
function parseHistory(text = "[]"): unknown[] {
  try {
    const history: unknown = JSON.parse(text);
    return Array.isArray(history) ? history : [];
  } catch {
    return [];
  }
}

function parseModel(json: string): unknown {
  try {
    const model: unknown = JSON.parse(json);
    if (typeof model === "object" && model !== null && !Array.isArray(model)) return model;
  } catch {
    // Said below.
  }
  throw invalid("Invalid value for parameter 'model_json': it must be a JSON object.");
}

async function history({ input, services }: ProtocolContext): Promise<object> {
  const window = parseWindow(input, MAX_HISTORY, MAX_HISTORY);
  const run = runId(input);
  const { points, token } = await services.tracking.history.page(run, text(input, "metric_key"), window);
  const metrics = points.map(viewMetric);
  return { metrics, ...(token === undefined ? {} : { next_page_token: token }) };
}

/** MLflow's own pages compare runs with it. */
async function bulk({ input, services }: ProtocolContext): Promise<object> {
  const runs = bulkRuns(texts(input, "run_id"));
  const limit = Math.min(optionalInteger(input, "max_results") ?? MAX_HISTORY, MAX_HISTORY);
  const points = await services.tracking.history.bulk(runs, text(input, "metric_key"), Math.max(1, limit));
  return { metrics: points.map((point) => ({ ...viewMetric(point), run_id: point.run })) };
}

async function interval({ input, services }: ProtocolContext): Promise<object> {
  const runs = bulkRuns(texts(input, "run_ids"));
  const [from, to] = [optionalInteger(input, "start_step"), optionalInteger(input, "end_step")];
  if ((from === undefined) !== (to === undefined)) {
    throw invalid("Both start_step and end_step must be specified together, or neither may be specified.");
  }
  const limit = input.max_results === undefined ? MAX_SAMPLE : integer(input, "max_results");
  if (limit < 1 || limit > MAX_SAMPLE) throw invalid(`max_results must be between 1 and ${MAX_SAMPLE}.`);
  const range = { from, to };
  const points = await services.tracking.history.sample(runs, text(input, "metric_key"), limit, range);
  return { metrics: points.map((point) => ({ ...viewMetric(point), run_id: point.run })) };
}

function bulkRuns(runs: string[]): string[] {
  if (runs.length === 0) throw invalid("Missing value for required parameter 'run_ids'.");
  if (runs.length > MAX_BULK_RUNS) throw invalid(`At most ${MAX_BULK_RUNS} runs can be asked for at once.`);
  return runs;
}
