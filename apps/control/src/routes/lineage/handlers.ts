import type { routes } from "@countersign/api";
import { pageOf } from "../../http/cursor.js";
import type { Handler } from "../../http/mount.js";
import { heldSigner, REVOKER } from "../statements/held.js";

export const graph: Handler<typeof routes.graph> = async ({ query, services }) =>
  services.lineage.graph(query);

export const trace: Handler<typeof routes.trace> = async ({ query, services }) =>
  services.lineage.trace(query);

export const contain: Handler<typeof routes.contain> = async ({ body, caller, services }) =>
  services.lineage.contain(body, caller.principal);

export const containments: Handler<typeof routes.containments> = async ({ query, services }) => {
  const { open = false, subject } = query;
  return pageOf("containments", query, (limit, before) =>
    services.lineage.containments({ limit, before, open, ...(subject === undefined ? {} : { subject }) }),
  );
};

export const liftContainment: Handler<typeof routes.liftContainment> = async ({ params, body, services }) => {
  const signer = await heldSigner(services.workspace, body.signAs ?? REVOKER);
  return services.lineage.lift(params.envelope, body.reason, signer);
};

export const reportDeployment: Handler<typeof routes.reportDeployment> = async ({ body, caller, services }) =>
  services.lineage.reportDeployment(body, caller.principal);

export const deployments: Handler<typeof routes.deployments> = async ({ query, services }) =>
  pageOf("deployments", query, (limit, before) =>
    services.lineage.deployments({ limit, before, filter: query }),
  );

export const lineageEvents: Handler<typeof routes.lineageEvents> = async ({ query, services }) => {
  const { subject } = query;
  const { items, nextCursor } = await pageOf("lineage-events", query, (limit, before) =>
    services.lineage.events({ limit, before, ...(subject === undefined ? {} : { subject }) }),
  );
  return { items: items.map(({ event }) => event), nextCursor };
};

export const recordLineageEvents: Handler<typeof routes.recordLineageEvents> = async ({
  body,
  caller,
  services,
}) => services.lineage.recordEvents(body, caller.principal);

export const openLineage: Handler<typeof routes.openLineage> = async ({ body, caller, services }) =>
  services.lineage.recordEvents(body, caller.principal);
