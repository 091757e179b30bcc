import { randomUUID } from "node:crypto";
import {
  type Fields,
  invalid,
  optionalFlag,
  optionalId,
  optionalText,
  records,
  text,
} from "@countersign/tracking";
import { inTransaction } from "../../database/transaction.js";
import type { Endpoint, ProtocolContext } from "../../mlflow/mount.js";
import { checkTag, checkTagFree, OUR_TAGS, PROMPT_TAG, parseStage } from "../names.js";
import { denied } from "../refusal.js";
import type { Registry } from "../registry.js";
import { resolveSource } from "../resolve.js";
import type { ModelRow, TagRow, VersionRow } from "../rows.js";
import { isOutside } from "../source.js";

/** Small models are read within this time, and the client need not ask again. */
const PATIENCE_MS = 10_000;

const UNREAD = "Its bytes are not in this server's store, so it may hold dev aliases only.";

export async function findVersion(
  registry: Registry,
  input: Fields,
): Promise<{ model: ModelRow; row: VersionRow }> {
  const { pool, models, versions } = registry;
  const model = await models.get(pool, text(input, "name"));
  return { model, row: await versions.get(pool, model, versionText(input)) };
}

/** Clients send it as a text, people as a number. */
function versionText(input: Fields): string {
  const { version } = input;
  return typeof version === "number" ? String(version) : text(input, "version");
}

export function parseTags(input: Fields): TagRow[] {
  return records(input, "tags").map((tag) => {
    const row = { key: text(tag, "key"), value: optionalText(tag, "value") ?? "" };
    checkTag(row.key, row.value);
    return row;
  });
}

// Unknown members, such as aliases or a stage, are not read: a new version stands for nothing yet.
async function create({ input, caller, services }: ProtocolContext): Promise<object> {
  const { registry } = services;
  const { pool, models, versions, tags } = registry;
  const model = await models.get(pool, text(input, "name"));
  const source = text(input, "source");
  // A copy brings along what this server had written on the original.
  const labels = parseTags(input).filter(({ key }) => !key.startsWith(OUR_TAGS));
  const isPrompt = labels.some(({ key }) => key === PROMPT_TAG);
  if (isPrompt !== model.prompt)
    throw invalid(
      `${model.name} ${model.prompt ? "is a prompt" : "is no prompt"}, and this version says otherwise.`,
    );
  if (model.prompt && !isOutside(source)) throw invalid("A prompt has no artifacts: its source names none.");
  const { root, loggedModel, run } = model.prompt
    ? { root: null, loggedModel: "", run: "" }
    : await resolveSource(registry, source, caller.principal);
  const job = randomUUID();
  const version = await inTransaction(pool, async (client) => {
    const locked = await models.lock(client, model.name);
    const number = await models.nextNumber(client, locked.name);
    await versions.create(client, {
      model: locked.id,
      version: number,
      source,
      run: optionalId(input, "run_id") || run,
      runLink: optionalText(input, "run_link") ?? "",
      loggedModel,
      root,
      description: optionalText(input, "description") ?? "",
      status: root === null ? "READY" : "PENDING_REGISTRATION",
      message: root === null && !model.prompt ? UNREAD : "",
      principal: caller.principal,
      job,
    });
    for (const tag of labels) await tags.set(client, { model: locked.id, version: number }, tag);
    await models.touch(client, locked.id);
    return number;
  });
  if (root !== null) {
    await registry.queue({ job, principal: caller.principal }, model.name);
    await registry.awaitEnd(job, PATIENCE_MS);
  }
  const row = await versions.get(pool, model, String(version));
  return { model_version: await registry.reader.version(row, model.name, caller.principal) };
}

async function get({ input, caller, services: { registry } }: ProtocolContext): Promise<object> {
  const { model, row } = await findVersion(registry, input);
  return { model_version: await registry.reader.version(row, model.name, caller.principal) };
}

async function update({ input, caller, services: { registry } }: ProtocolContext): Promise<object> {
  const { model, row } = await findVersion(registry, input);
  const description = optionalText(input, "description");
  if (description !== undefined) await registry.versions.describe(registry.pool, row, description);
  const now = await registry.versions.get(registry.pool, model, String(row.version));
  return { model_version: await registry.reader.version(now, model.name, caller.principal) };
}

async function remove({ input, services: { registry } }: ProtocolContext): Promise<object> {
  const { model, row } = await findVersion(registry, input);
  await inTransaction(registry.pool, async (client) => {
    await registry.models.lock(client, model.name);
    await registry.versions.remove(client, row);
    await registry.models.touch(client, model.id);
  });
  return {};
}

/** Where clients read the bytes. What may not even be in dev is handed to nobody, however it is asked for. */
async function downloadUri({ input, caller, services: { registry } }: ProtocolContext): Promise<object> {
  const { model, row } = await findVersion(registry, input);
  const gate = await registry.gate.of(model.name, caller.principal);
  const standing = await gate.readable(row);
  if (!standing.allowed) throw denied(standing.message);
  return { artifact_uri: row.root === null ? row.source : `mlflow-artifacts:/models/${row.root}/artifacts` };
}

async function transition({ input, caller, services: { registry } }: ProtocolContext): Promise<object> {
  const { pool, models, versions, gate, reader } = registry;
  const { model, row } = await findVersion(registry, input);
  const stage = parseStage(text(input, "stage"));
  const guarded = stage === "Staging" || stage === "Production";
  const archive = optionalFlag(input, "archive_existing_versions") ?? false;
  if (archive && !guarded)
    throw invalid("archive_existing_versions goes with the stages Staging and Production only.");
  if (guarded) {
    const own = await gate.of(model.name, caller.principal);
    const label = { kind: "stage", text: stage } as const;
    const there = row.stage === stage && (await own.standing(row, label)).allowed;
    if (!there) await own.enter(row, label);
  }
  await inTransaction(pool, async (client) => {
    const locked = await models.lock(client, model.name);
    const now = await versions.get(client, locked, String(row.version));
    requireSame(model, locked, row, now);
    await versions.stage(client, now, stage);
    if (archive) await versions.archiveOthers(client, now, stage);
    await models.touch(client, locked.id);
  });
  const now = await versions.get(pool, model, String(row.version));
  return { model_version: await reader.version(now, model.name, caller.principal) };
}

/** The gate was asked about these bytes under this name: both may have been exchanged since. */
export function requireSame(model: ModelRow, locked: ModelRow, row: VersionRow, now: VersionRow): void {
  const same = model.id === locked.id && row.job === now.job && row.artifact === now.artifact;
  if (!same || row.status !== now.status)
    throw denied(`Version ${row.version} of ${model.name} changed meanwhile. Try again.`);
}

async function setTag({ input, services: { registry } }: ProtocolContext): Promise<object> {
  const { row } = await findVersion(registry, input);
  const key = text(input, "key");
  const value = optionalText(input, "value") ?? "";
  checkTag(key, value);
  checkTagFree(key);
  await registry.tags.set(registry.pool, row, { key, value });
  return {};
}

async function deleteTag({ input, services: { registry } }: ProtocolContext): Promise<object> {
  const { row } = await findVersion(registry, input);
  const key = text(input, "key");
  checkTagFree(key);
  await registry.tags.remove(registry.pool, row, key);
  return {};
}

const AT = "/mlflow/model-versions";

export const versionEndpoints: readonly Endpoint[] = [
  { method: "POST", path: `${AT}/create`, scope: "write", act: create },
  { method: "GET", path: `${AT}/get`, scope: "read", act: get },
  { method: "PATCH", path: `${AT}/update`, scope: "write", act: update },
  { method: "DELETE", path: `${AT}/delete`, scope: "write", act: remove },
  { method: "GET", path: `${AT}/get-download-uri`, scope: "read", act: downloadUri },
  { method: "POST", path: `${AT}/transition-stage`, scope: "write", act: transition },
  { method: "POST", path: `${AT}/set-tag`, scope: "write", act: setTag },
  { method: "DELETE", path: `${AT}/delete-tag`, scope: "write", act: deleteTag },
];
