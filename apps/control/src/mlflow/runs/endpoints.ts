import {
  type Fields,
  invalid,
  isTerminal,
  optionalInteger,
  optionalText,
  parseStages,
  parseStatus,
  parseTags,
  parseWindow,
  text,
  texts,
} from "@countersign/tracking";
import type { Endpoint, ProtocolContext } from "../mount.js";
import { viewInfo, viewRun } from "./view.js";

const MAX_RUNS = 50_000;
const MAX_NAME = 500;

/** What MLflow clients call for runs as such. */
export const runEndpoints: Endpoint[] = [
  { method: "POST", path: "/mlflow/runs/create", scope: "write", act: create },
  { method: "GET", path: "/mlflow/runs/get", scope: "read", act: get },
  { method: "POST", path: "/mlflow/runs/update", scope: "write", act: update },
  { method: "POST", path: "/mlflow/runs/delete", scope: "write", act: remove },
  { method: "POST", path: "/mlflow/runs/restore", scope: "write", act: restore },
  { method: "POST", path: "/mlflow/runs/search", scope: "read", act: search },
];

/** Old clients say `run_uuid`. */
export function runId(input: Fields): string {
  return optionalText(input, "run_id") || text(input, "run_uuid");
}

function shortText(input: Fields, name: string): string | undefined {
  const value = optionalText(input, name);
  if (value !== undefined && value.length > MAX_NAME)
    throw invalid(`'${name}' exceeds ${MAX_NAME} characters.`);
  return value;
}

async function create({ input, caller, services }: ProtocolContext): Promise<object> {
  const run = await services.tracking.runs.create({
    experiment: optionalText(input, "experiment_id") || "0",
    name: shortText(input, "run_name"),
    userId: shortText(input, "user_id") ?? "",
    principal: caller.principal,
    startedAt: optionalInteger(input, "start_time"),
    tags: parseTags(input),
  });
  return { run: viewRun(run) };
}

async function get({ input, services }: ProtocolContext): Promise<object> {
  return { run: viewRun(await services.tracking.runs.get(runId(input))) };
}

async function update({ input, services }: ProtocolContext): Promise<object> {
  const status = parseStatus(input);
  const id = runId(input);
  const run = await services.tracking.runs.update(id, {
    status,
    endedAt: optionalInteger(input, "end_time"),
    name: shortText(input, "run_name") || undefined,
  });
  // The run has ended, whatever becomes of its provenance: the registry takes up at its next start what failed here.
  if (status && isTerminal(status)) await services.registry.runFinished(id).catch(services.onFault);
  return { run_info: viewInfo(run) };
}

async function remove({ input, services }: ProtocolContext): Promise<object> {
  await services.tracking.runs.setStage(runId(input), "deleted");
  return {};
}

async function restore({ input, services }: ProtocolContext): Promise<object> {
  await services.tracking.runs.setStage(runId(input), "active");
  return {};
}

async function search({ input, services }: ProtocolContext): Promise<object> {
  const experiments = texts(input, "experiment_ids");
  if (experiments.some((id) => !/^\d{1,15}$/.test(id))) {
    throw invalid("Invalid value for parameter 'experiment_ids': ids of experiments are whole numbers.");
  }
  const { runs, token } = await services.tracking.runs.search({
    experiments,
    stages: parseStages(input, "run_view_type"),
    filter: optionalText(input, "filter") ?? "",
    orderBy: texts(input, "order_by"),
    window: parseWindow(input, 1_000, MAX_RUNS),
  });
  return { runs: runs.map(viewRun), ...(token === undefined ? {} : { next_page_token: token }) };
}
