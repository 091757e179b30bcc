import type { routes } from "@countersign/api";
import type { Digest } from "@countersign/evidence";
import { pageOf } from "../../http/cursor.js";
import type { Handler } from "../../http/mount.js";

export const decisions: Handler<typeof routes.decisions> = async ({ query, services }) =>
  pageOf("decisions", query, (limit, before) => services.workspace.decisions(limit, before));

export const decision: Handler<typeof routes.decision> = async ({ params, services }) =>
  services.workspace.decision(params.id as Digest);

export const evidence: Handler<typeof routes.evidence> = async ({ params, services, reply }) => {
  const file = await services.workspace.evidence(params.id as Digest);
  reply.header("content-disposition", `attachment; filename="evidence-${params.id.slice(7, 19)}.json"`);
  return { ...file };
};
