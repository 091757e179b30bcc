import type { routes } from "@countersign/api";
import { DEFAULT_LIMIT, decodeCursor, encodeCursor } from "../../http/cursor.js";
import type { Handler } from "../../http/mount.js";
import { textsOf, viewPoint, viewRun } from "./view.js";

export const experiments: Handler<typeof routes.experiments> = async ({ query, services }) => {
  const limit = query.limit ?? DEFAULT_LIMIT;
  const offset = decodeCursor("experiments", query.cursor) ?? 0;
  const part = query.query ?? "";
  const found = await services.tracking.overview({ part, limit: limit + 1, offset });
  const items = found
    .slice(0, limit)
    .map(({ id, tags, ...rest }) => ({ id: String(id), tags: textsOf(tags), ...rest }));
  return { items, nextCursor: found.length > limit ? encodeCursor("experiments", offset + limit) : null };
};

export const runs: Handler<typeof routes.runs> = async ({ query, services }) => {
  const limit = query.limit ?? DEFAULT_LIMIT;
  const offset = decodeCursor("runs", query.cursor) ?? 0;
  const { runs: found, token } = await services.tracking.runs.search({
    experiments: query.experiment === undefined ? undefined : [query.experiment],
    stages: ["active"],
    filter: query.filter ?? "",
    orderBy: query.order ? query.order.split(",") : [],
    window: { limit, offset },
    profiles: false,
  });
  const now = services.clock();
  return {
    items: found.map((run) => viewRun(run, now)),
    nextCursor: token === undefined ? null : encodeCursor("runs", offset + limit),
  };
};

export const run: Handler<typeof routes.run> = async ({ params, services }) => {
  const { tracking, clock } = services;
  const found = await tracking.runs.get(params.id);
  const experiment = await tracking.experiments.get(String(found.experiment));
  return {
    ...viewRun(found, clock()),
    experimentName: experiment.name,
    artifactUri: found.artifactUri,
    children: await tracking.runs.childrenOf(found.id),
  };
};

export const runMetric: Handler<typeof routes.runMetric> = async ({ params, services }) => {
  const { id } = await services.tracking.runs.info(params.id);
  const { total, points } = await services.tracking.curve(id, params.key);
  return { run: id, key: params.key, total, points: points.map(viewPoint) };
};

export const runArtifacts: Handler<typeof routes.runArtifacts> = async ({ params, query, services }) => {
  const { id } = await services.tracking.runs.info(params.id);
  return { items: await services.artifacts.list(id, query.path ?? "") };
};
