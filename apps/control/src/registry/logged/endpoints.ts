import {
  cutPage,
  type Fields,
  invalid,
  optionalFlag,
  optionalId,
  optionalText,
  parseWindow,
  records,
  text,
  texts,
} from "@countersign/tracking";
import { inTransaction } from "../../database/transaction.js";
import type { Endpoint, ProtocolContext } from "../../mlflow/mount.js";
import { checkTag } from "../names.js";
import { denied } from "../refusal.js";
import { type Raw, type TagRow, timed } from "../rows.js";
import { Query } from "../search.js";
import { LOGGED_COLUMNS, type LoggedModelRow, parseLoggedStatus } from "./rows.js";
import { loggedConditions, loggedOrder, parseDatasets } from "./search.js";
import { artifactUri, loggedModelView } from "./view.js";

function fields(input: Fields, member: "tags" | "params"): TagRow[] {
  return records(input, member).map((each) => {
    const row = { key: text(each, "key"), value: optionalText(each, "value") ?? "" };
    checkTag(row.key, row.value);
    return row;
  });
}

async function viewOf({ services }: ProtocolContext, row: LoggedModelRow): Promise<object> {
  const { registry } = services;
  const details = await registry.logged.details(registry.pool, [row.id]);
  const detail = details.get(row.id) ?? { tags: [], params: [], metrics: [], registrations: [] };
  return loggedModelView(row, detail);
}

async function create(context: ProtocolContext): Promise<object> {
  const { input, caller, services } = context;
  const { pool, logged } = services.registry;
  const experiment = text(input, "experiment_id");
  await services.tracking.experiments.get(experiment);
  const row = await inTransaction(pool, async (client) => {
    const made = await logged.create(client, {
      experiment,
      name: loggedName(optionalText(input, "name")),
      type: optionalText(input, "model_type") ?? "",
      run: optionalId(input, "source_run_id"),
      principal: caller.principal,
    });
    await logged.setFields(client, made.id, "tag", fields(input, "tags"));
    await logged.setFields(client, made.id, "param", fields(input, "params"));
    return made;
  });
  return { model: await viewOf(context, row) };
}

function loggedName(name: string | undefined): string {
  if (name === undefined || name === "") return "model";
  if (name.length > 500 || /[/:.%"']/.test(name))
    throw invalid(`Invalid model name (${name.slice(0, 200)}) provided: it cannot hold / : . % " or '.`);
  return name;
}

async function get(context: ProtocolContext): Promise<object> {
  const { pool, logged } = context.services.registry;
  const deleted = optionalFlag(context.input, "allow_deleted") ?? false;
  return { model: await viewOf(context, await logged.get(pool, idOf(context), deleted)) };
}

function idOf({ params }: ProtocolContext): string {
  return params.model_id ?? "";
}

async function finish(context: ProtocolContext): Promise<object> {
  const { pool, logged } = context.services.registry;
  const status = parseLoggedStatus(context.input.status);
  if (status === undefined) throw invalid("Invalid value for parameter 'status'.");
  const row = await logged.get(pool, idOf(context));
  await logged.finish(pool, row.id, status);
  return { model: await viewOf(context, await logged.get(pool, row.id)) };
}

/** What a version was registered from stays: its bytes are evidence. */
async function remove(context: ProtocolContext): Promise<object> {
  const { pool, logged } = context.services.registry;
  const row = await logged.get(pool, idOf(context));
  const registered = (await logged.details(pool, [row.id])).get(row.id)?.registrations ?? [];
  const [first] = registered;
  if (first !== undefined)
    throw denied(
      `${row.id} is registered as version ${first.version} of ${first.name}. Delete that version first.`,
    );
  await logged.remove(pool, row.id);
  return {};
}

async function setTags(context: ProtocolContext): Promise<object> {
  const { pool, logged } = context.services.registry;
  const row = await logged.get(pool, idOf(context));
  const tags = fields(context.input, "tags");
  await inTransaction(pool, (client) => logged.setFields(client, row.id, "tag", tags));
  return { model: await viewOf(context, row) };
}

async function deleteTag(context: ProtocolContext): Promise<object> {
  const { pool, logged } = context.services.registry;
  const row = await logged.get(pool, idOf(context));
  await logged.removeTag(pool, row.id, context.params.tag_key ?? "");
  return {};
}

async function logParams(context: ProtocolContext): Promise<object> {
  const { pool, logged } = context.services.registry;
  const row = await logged.get(pool, idOf(context));
  const params = fields(context.input, "params");
  await inTransaction(pool, (client) => logged.setFields(client, row.id, "param", params));
  return {};
}

async function search({ input, services }: ProtocolContext): Promise<object> {
  const { registry, workspace } = services;
  const window = parseWindow(input, 100, 1_000);
  const query = new Query();
  const conditions = [
    `l.workspace = ${query.bind(workspace.id)}`,
    "l.deleted_at is null",
    `l.experiment = any(${query.bind(texts(input, "experiment_ids"))}::text[])`,
    ...loggedConditions(query, optionalText(input, "filter") ?? "", parseDatasets(input)),
  ];
  const order = loggedOrder(query, input);
  const answer = await registry.pool.query<Raw<LoggedModelRow>>(
    `select ${LOGGED_COLUMNS} from logged_models l where ${conditions.join(" and ")}
     order by ${order} limit ${query.bind(window.limit + 1)} offset ${query.bind(window.offset)}`,
    query.values,
  );
  const { rows, token } = cutPage(answer.rows.map(timed<LoggedModelRow>), window);
  const details = await registry.logged.details(
    registry.pool,
    rows.map(({ id }) => id),
  );
  const models = rows.flatMap((row) => {
    const detail = details.get(row.id);
    return detail === undefined ? [] : [loggedModelView(row, detail)];
  });
  return { models, ...(token === undefined ? {} : { next_page_token: token }) };
}

async function artifacts(context: ProtocolContext): Promise<object> {
  const { pool, logged, artifacts: store } = context.services.registry;
  const row = await logged.get(pool, idOf(context));
  const listed = await store.list(row.id, optionalText(context.input, "artifact_directory_path") ?? "");
  const files = listed.map(({ path, directory, size }) => ({
    path,
    is_dir: directory,
    ...(directory ? {} : { file_size: size }),
  }));
  return { root_uri: artifactUri(row), files };
}

const AT = "/mlflow/logged-models";

export const loggedEndpoints: readonly Endpoint[] = [
  { method: "POST", path: AT, scope: "write", act: create },
  { method: "POST", path: `${AT}/search`, scope: "read", act: search },
  { method: "GET", path: `${AT}/{model_id}`, scope: "read", act: get },
  { method: "PATCH", path: `${AT}/{model_id}`, scope: "write", act: finish },
  { method: "DELETE", path: `${AT}/{model_id}`, scope: "write", act: remove },
  { method: "PATCH", path: `${AT}/{model_id}/tags`, scope: "write", act: setTags },
  { method: "DELETE", path: `${AT}/{model_id}/tags/{tag_key}`, scope: "write", act: deleteTag },
  { method: "POST", path: `${AT}/{model_id}/params`, scope: "write", act: logParams },
  { method: "GET", path: `${AT}/{model_id}/artifacts/directories`, scope: "read", act: artifacts },
];
