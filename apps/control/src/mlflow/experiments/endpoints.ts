import {
  cutPage,
  invalid,
  optionalText,
  parseExperimentName,
  parseExperimentTag,
  parseStages,
  parseWindow,
  records,
  text,
  texts,
} from "@countersign/tracking";
import type { Endpoint, ProtocolContext } from "../mount.js";
import { experimentQuery } from "../search/experiments.js";
import type { Experiment } from "./store.js";

const MAX_LOCATION = 2_048;

/** What MLflow clients call for experiments. */
export const experimentEndpoints: Endpoint[] = [
  { method: "POST", path: "/mlflow/experiments/create", scope: "write", act: create },
  { method: "GET", path: "/mlflow/experiments/get", scope: "read", act: get },
  { method: "GET", path: "/mlflow/experiments/get-by-name", scope: "read", act: byName },
  { method: "GET", path: "/mlflow/experiments/list", scope: "read", act: search },
  { method: "GET", path: "/mlflow/experiments/search", scope: "read", act: search },
  { method: "POST", path: "/mlflow/experiments/search", scope: "read", act: search },
  { method: "POST", path: "/mlflow/experiments/delete", scope: "write", act: remove },
  { method: "POST", path: "/mlflow/experiments/restore", scope: "write", act: restore },
  { method: "POST", path: "/mlflow/experiments/update", scope: "write", act: rename },
  { method: "POST", path: "/mlflow/experiments/set-experiment-tag", scope: "write", act: setTag },
  { method: "POST", path: "/mlflow/experiments/delete-experiment-tag", scope: "write", act: deleteTag },
];

async function create({ input, services }: ProtocolContext): Promise<object> {
  const name = parseExperimentName(input, "name");
  const tags = records(input, "tags").map(parseExperimentTag);
  const id = await services.tracking.experiments.create(name, locationOf(input), tags);
  return { experiment_id: String(id) };
}

/** A location elsewhere is the client's to write to; nothing there is ours, and nothing there is judged. */
function locationOf(input: ProtocolContext["input"]): string | undefined {
  const location = optionalText(input, "artifact_location")?.replace(/\/+$/, "");
  if (location === undefined || location === "") return undefined;
  if (location.length > MAX_LOCATION || /[?#]/.test(location) || location.split("/").includes("..")) {
    throw invalid(
      `Invalid artifact location: use a URI of at most ${MAX_LOCATION} characters without '..', ? and #.`,
    );
  }
  return location;
}

async function get({ input, services }: ProtocolContext): Promise<object> {
  return { experiment: view(await services.tracking.experiments.get(text(input, "experiment_id"))) };
}

async function byName({ input, services }: ProtocolContext): Promise<object> {
  return { experiment: view(await services.tracking.experiments.byName(text(input, "experiment_name"))) };
}

async function search({ input, services }: ProtocolContext): Promise<object> {
  const window = parseWindow(input, 1_000, 50_000);
  const stages = parseStages(input, "view_type");
  const query = experimentQuery(optionalText(input, "filter") ?? "", texts(input, "order_by"), 5);
  const found = await services.tracking.experiments.search(
    `e.stage = any($2) and ${query.where}`,
    [stages, window.limit + 1, window.offset, ...query.values],
    `${query.order} limit $3 offset $4`,
  );
  const { rows, token } = cutPage(found, window);
  return { experiments: rows.map(view), ...(token ? { next_page_token: token } : {}) };
}

async function remove({ input, services }: ProtocolContext): Promise<object> {
  await services.tracking.experiments.setStage(text(input, "experiment_id"), "deleted");
  return {};
}

async function restore({ input, services }: ProtocolContext): Promise<object> {
  await services.tracking.experiments.setStage(text(input, "experiment_id"), "active");
  return {};
}

async function rename({ input, services }: ProtocolContext): Promise<object> {
  const name = parseExperimentName(input, "new_name");
  await services.tracking.experiments.rename(text(input, "experiment_id"), name);
  return {};
}

async function setTag({ input, services }: ProtocolContext): Promise<object> {
  await services.tracking.experiments.setTag(text(input, "experiment_id"), parseExperimentTag(input));
  return {};
}

async function deleteTag({ input, services }: ProtocolContext): Promise<object> {
  await services.tracking.experiments.deleteTag(text(input, "experiment_id"), text(input, "key"));
  return {};
}

function view(experiment: Experiment): object {
  return {
    experiment_id: String(experiment.id),
    name: experiment.name,
    artifact_location: experiment.artifactLocation,
    lifecycle_stage: experiment.stage,
    creation_time: experiment.createdAt,
    last_update_time: experiment.updatedAt,
    tags: experiment.tags,
  };
}
