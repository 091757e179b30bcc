import type { routes } from "@countersign/api";
import type { Handler } from "../../http/mount.js";

export const gate: Handler<typeof routes.gate> = async ({ body, caller, services }) =>
  services.workspace.gate({ ...body, principal: caller.principal });
