import { text } from "@countersign/tracking";
import { inTransaction } from "../../database/transaction.js";
import type { Endpoint, ProtocolContext } from "../../mlflow/mount.js";
import { checkAlias } from "../names.js";
import { denied } from "../refusal.js";
import { findVersion, requireSame } from "./versions.js";

async function set({ input, caller, services: { registry } }: ProtocolContext): Promise<object> {
  const { pool, models, versions, gate } = registry;
  const alias = checkAlias(text(input, "alias"));
  const { model, row } = await findVersion(registry, input);
  const own = await gate.of(model.name, caller.principal);
  const label = { kind: "alias", text: alias } as const;
  // A pipeline that sets what is set already must not grow the record.
  const known = await versions.aliases(pool, [model.id]);
  const there = known.some((each) => each.alias === alias && each.version === row.version);
  if (there && (await own.standing(row, label)).allowed) return {};
  await own.enter(row, label);
  await inTransaction(pool, async (client) => {
    const locked = await models.lock(client, model.name);
    const now = await versions.get(client, locked, String(row.version));
    requireSame(model, locked, row, now);
    await versions.setAlias(client, now, alias);
    await models.touch(client, locked.id);
  });
  return {};
}

/** Asked again each time: what was allowed when the alias was set may since have been revoked or contained. */
async function get({ input, caller, services: { registry } }: ProtocolContext): Promise<object> {
  const { pool, models, versions, gate, reader } = registry;
  const model = await models.get(pool, text(input, "name"));
  const alias = text(input, "alias");
  const row = await versions.byAlias(pool, model, alias);
  const own = await gate.of(model.name, caller.principal);
  const standing = await own.standing(row, { kind: "alias", text: alias });
  if (!standing.allowed) throw denied(standing.message);
  return { model_version: await reader.version(row, model.name, caller.principal) };
}

async function remove({ input, services: { registry } }: ProtocolContext): Promise<object> {
  const { pool, models, versions } = registry;
  const model = await models.get(pool, text(input, "name"));
  await versions.removeAlias(pool, model.id, text(input, "alias"));
  await models.touch(pool, model.id);
  return {};
}

const AT = "/mlflow/registered-models/alias";

export const aliasEndpoints: readonly Endpoint[] = [
  { method: "POST", path: AT, scope: "write", act: set },
  { method: "GET", path: AT, scope: "read", act: get },
  { method: "DELETE", path: AT, scope: "write", act: remove },
];
