import type { routes } from "@countersign/api";
import { pageOf } from "../../http/cursor.js";
import type { Handler } from "../../http/mount.js";

export const promote: Handler<typeof routes.promote> = async ({ body, caller, services }) =>
  services.workspace.promote({ ...body, principal: caller.principal });

export const promotions: Handler<typeof routes.promotions> = async ({ query, services }) =>
  pageOf("promotions", query, (limit, before) => services.workspace.promotions(limit, before));
