import type { routes } from "@countersign/api";
import { CountersignError } from "@countersign/evidence";
import type { Handler } from "../../http/mount.js";

const DAYS = 30;

export const tokens: Handler<typeof routes.tokens> = async ({ caller, services }) => ({
  items: await services.access.tokens(caller.workspace),
});

export const createToken: Handler<typeof routes.createToken> = async ({ body, caller, services }) => {
  const workspace = body.workspace ?? caller.workspace;
  if (workspace !== caller.workspace) {
    throw new CountersignError("not-found", `there is no workspace "${workspace}" for you here`);
  }
  return services.access.createToken({
    workspace,
    label: body.label,
    principal: body.principal ?? caller.principal,
    scope: body.scope,
    days: body.days ?? DAYS,
  });
};

export const deleteToken: Handler<typeof routes.deleteToken> = async ({ params, caller, services }) => {
  if (await services.access.deleteToken(caller.workspace, params.id)) return undefined;
  throw new CountersignError("not-found", "there is no such token");
};
