import { optionalText, text, texts } from "@countersign/tracking";
import { inTransaction } from "../../database/transaction.js";
import type { Endpoint, ProtocolContext } from "../../mlflow/mount.js";
import { checkModelName, checkTag, checkTagFree, PROMPT_TAG, parseStage } from "../names.js";
import { denied } from "../refusal.js";
import { rename } from "../rename.js";
import type { VersionRow } from "../rows.js";
import { parseTags } from "./versions.js";

async function create({ input, caller, services: { registry } }: ProtocolContext): Promise<object> {
  const name = checkModelName(text(input, "name"));
  const labels = parseTags(input);
  const prompt = labels.some(({ key, value }) => key === PROMPT_TAG && value.toLowerCase() === "true");
  for (const { key } of labels) if (key !== PROMPT_TAG) checkTagFree(key);
  const description = optionalText(input, "description") ?? "";
  const row = await inTransaction(registry.pool, async (client) => {
    const made = { name, description, prompt, principal: caller.principal };
    const model = await registry.models.create(client, made);
    for (const tag of labels) await registry.tags.set(client, { model: model.id, version: 0 }, tag);
    return model;
  });
  return { registered_model: await registry.reader.model(row, caller.principal) };
}

async function get({ input, caller, services: { registry } }: ProtocolContext): Promise<object> {
  const row = await registry.models.get(registry.pool, text(input, "name"));
  return { registered_model: await registry.reader.model(row, caller.principal) };
}

async function update({ input, caller, services: { registry } }: ProtocolContext): Promise<object> {
  const { pool, models, reader } = registry;
  const row = await models.get(pool, text(input, "name"));
  await models.describe(pool, row.id, optionalText(input, "description") ?? "");
  return { registered_model: await reader.model(await models.get(pool, row.name), caller.principal) };
}

async function renameModel({ input, caller, services: { registry } }: ProtocolContext): Promise<object> {
  const name = checkModelName(text(input, "new_name"));
  await rename(registry, text(input, "name"), name, caller.principal);
  const row = await registry.models.get(registry.pool, name);
  return { registered_model: await registry.reader.model(row, caller.principal) };
}

async function remove({ input, services: { registry } }: ProtocolContext): Promise<object> {
  await inTransaction(registry.pool, async (client) => {
    const model = await registry.models.lock(client, text(input, "name"));
    await registry.models.remove(client, model.id);
  });
  return {};
}

/**
 * The newest version of each stage. A stage that is asked for and whose version may no longer be there is refused: falling
 * back to an older version would let whoever contains one choose what runs.
 */
async function latest({ input, caller, services: { registry } }: ProtocolContext): Promise<object> {
  const { pool, models, versions, gate, reader } = registry;
  const model = await models.get(pool, text(input, "name"));
  const stages = texts(input, "stages").map(parseStage);
  const newest = await versions.newest(pool, [model.id]);
  const wanted = newest.filter(({ stage }) => stages.length === 0 || stages.includes(stage));
  if (stages.length > 0) {
    const own = await gate.of(model.name, caller.principal);
    for (const row of wanted.filter(isGuarded)) {
      const standing = await own.standing(row, { kind: "stage", text: row.stage });
      if (!standing.allowed) throw denied(standing.message);
    }
  }
  const named = wanted.map((row) => ({ row, name: model.name }));
  return { model_versions: await reader.versionViews(named, caller.principal) };
}

function isGuarded({ stage }: VersionRow): boolean {
  return stage === "Staging" || stage === "Production";
}

async function setTag({ input, services: { registry } }: ProtocolContext): Promise<object> {
  const { id } = await registry.models.get(registry.pool, text(input, "name"));
  const key = text(input, "key");
  const value = optionalText(input, "value") ?? "";
  checkTag(key, value);
  checkTagFree(key);
  await registry.tags.set(registry.pool, { model: id, version: 0 }, { key, value });
  return {};
}

async function deleteTag({ input, services: { registry } }: ProtocolContext): Promise<object> {
  const { id } = await registry.models.get(registry.pool, text(input, "name"));
  const key = text(input, "key");
  checkTagFree(key);
  await registry.tags.remove(registry.pool, { model: id, version: 0 }, key);
  return {};
}

const AT = "/mlflow/registered-models";

export const modelEndpoints: readonly Endpoint[] = [
  { method: "POST", path: `${AT}/create`, scope: "write", act: create },
  { method: "GET", path: `${AT}/get`, scope: "read", act: get },
  { method: "PATCH", path: `${AT}/update`, scope: "write", act: update },
  { method: "POST", path: `${AT}/rename`, scope: "write", act: renameModel },
  { method: "DELETE", path: `${AT}/delete`, scope: "write", act: remove },
  { method: "GET", path: `${AT}/get-latest-versions`, scope: "read", act: latest },
  { method: "POST", path: `${AT}/get-latest-versions`, scope: "read", act: latest },
  { method: "POST", path: `${AT}/set-tag`, scope: "write", act: setTag },
  { method: "DELETE", path: `${AT}/delete-tag`, scope: "write", act: deleteTag },
];
