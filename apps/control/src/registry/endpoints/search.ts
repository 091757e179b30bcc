import { cutPage, optionalText, parseFilter, parseOrder, parseWindow, texts } from "@countersign/tracking";
import type { Endpoint, ProtocolContext } from "../../mlflow/mount.js";
import { MODEL_COLUMNS, type ModelRow, type Raw, timed, VERSION_COLUMNS, type VersionRow } from "../rows.js";
import {
  conditionOf,
  MODEL_GRAMMAR,
  MODEL_MAPPING,
  orderOf,
  Query,
  VERSION_GRAMMAR,
  VERSION_MAPPING,
} from "../search.js";

async function models({ input, caller, services }: ProtocolContext): Promise<object> {
  const { registry, workspace } = services;
  const window = parseWindow(input, 100, 1_000);
  const query = new Query();
  const conditions = [
    `m.workspace = ${query.bind(workspace.id)}`,
    ...parseFilter(optionalText(input, "filter") ?? "", MODEL_GRAMMAR).map((each) =>
      conditionOf(query, each, MODEL_MAPPING),
    ),
  ];
  const order = orderOf(parseOrder(texts(input, "order_by"), MODEL_GRAMMAR), MODEL_MAPPING, "m.name");
  const answer = await registry.pool.query<Raw<ModelRow>>(
    `select ${MODEL_COLUMNS} from registry_models m where ${conditions.join(" and ")}
     order by ${order} limit ${query.bind(window.limit + 1)} offset ${query.bind(window.offset)}`,
    query.values,
  );
  const { rows, token } = cutPage(answer.rows.map(timed<ModelRow>), window);
  const views = await registry.reader.modelViews(rows, caller.principal);
  return { registered_models: views, ...(token === undefined ? {} : { next_page_token: token }) };
}

async function versions({ input, caller, services }: ProtocolContext): Promise<object> {
  const { registry, workspace } = services;
  const window = parseWindow(input, 10_000, 200_000);
  const query = new Query();
  const conditions = [
    `v.workspace = ${query.bind(workspace.id)}`,
    ...parseFilter(optionalText(input, "filter") ?? "", VERSION_GRAMMAR).map((each) =>
      conditionOf(query, each, VERSION_MAPPING),
    ),
  ];
  const orderings = parseOrder(texts(input, "order_by"), VERSION_GRAMMAR);
  const last = `${orderings.length === 0 ? "v.updated_at desc, " : ""}m.name, v.version desc`;
  const answer = await registry.pool.query<Raw<VersionRow> & { name: string }>(
    `select ${VERSION_COLUMNS}, m.name from registry_versions v
     join registry_models m on m.workspace = v.workspace and m.id = v.model
     where ${conditions.join(" and ")} order by ${orderOf(orderings, VERSION_MAPPING, last)}
     limit ${query.bind(window.limit + 1)} offset ${query.bind(window.offset)}`,
    query.values,
  );
  const { rows, token } = cutPage(answer.rows, window);
  const named = rows.map(({ name, ...row }) => ({ name, row: timed<VersionRow>(row) }));
  const views = await registry.reader.versionViews(named, caller.principal);
  return { model_versions: views, ...(token === undefined ? {} : { next_page_token: token }) };
}

/** Nobody is called: clients only ask whether there are any. */
async function webhooks(): Promise<object> {
  return { webhooks: [] };
}

export const searchEndpoints: readonly Endpoint[] = [
  { method: "GET", path: "/mlflow/registered-models/search", scope: "read", act: models },
  { method: "GET", path: "/mlflow/model-versions/search", scope: "read", act: versions },
  { method: "GET", path: "/mlflow/webhooks", scope: "read", act: webhooks },
];
