import type { routes } from "@countersign/api";
import { CountersignError } from "@countersign/evidence";
import { ASSET_KINDS } from "@countersign/facts";
import { checkDocument, type Document, parseDocuments, schemaFile, schemaOf } from "@countersign/inventory";
import { DEFAULT_LIMIT } from "../../http/cursor.js";
import type { Handler } from "../../http/mount.js";
import { detail } from "../../inventory/detail.js";
import { exportPage } from "../../inventory/export.js";
import { concentrationOf } from "../../inventory/vendors.js";

export const assets: Handler<typeof routes.assets> = async ({ query, services }) => {
  const { cursor, limit = DEFAULT_LIMIT, ...filter } = query;
  return services.inventory.search(filter, { limit, cursor });
};

export const asset: Handler<typeof routes.asset> = async ({ params, services }) => {
  const { database, workspace, clock, inventory } = services;
  await inventory.ready();
  return detail({ pool: database.pool, workspace, clock }, params.kind, params.name);
};

export const applyAssets: Handler<typeof routes.applyAssets> = async ({ body, caller, services }) => {
  const documents = documentsOf(body);
  return services.inventory.apply(documents, caller.principal, { dryRun: body.dryRun === true });
};

// Texts are read on the thread that answers everybody: longer ones are read by the command line.
const TEXT_LIMITS = { characters: 1024 * 1024, documents: 1_000, tokens: 300_000 };

function documentsOf({ documents, text }: { documents?: unknown[]; text?: string }): Document[] {
  if ((documents === undefined) === (text === undefined)) {
    throw new CountersignError("bad-request", "send either `documents` or `text`");
  }
  if (text !== undefined) return parseDocuments(text, { limits: TEXT_LIMITS });
  return (documents ?? []).map(checkDocument);
}

export const removeAsset: Handler<typeof routes.removeAsset> = async ({ params, caller, services }) =>
  services.inventory.remove(params.kind, params.name, caller.principal);

export const exportAssets: Handler<typeof routes.exportAssets> = async ({ query, services }) => {
  await services.inventory.ready();
  return exportPage(services.database.pool, services.workspace.id, query);
};

export const concentration: Handler<typeof routes.concentration> = async ({ services }) => {
  await services.inventory.ready();
  return concentrationOf(services.database.pool, services.workspace.id, services.clock());
};

export const assetSchemas: Handler<typeof routes.assetSchemas> = async ({ services }) => {
  const { url } = services.addresses();
  const item = (kind: (typeof ASSET_KINDS)[number]) => ({
    kind,
    url: `${url}/schemas/${schemaFile(kind)}`,
    schema: schemaOf(kind),
  });
  return { items: ASSET_KINDS.map(item) };
};

export const savedFilters: Handler<typeof routes.savedFilters> = async ({ caller, services }) => ({
  items: await services.filters.list(caller.principal),
});

export const saveFilter: Handler<typeof routes.saveFilter> = async ({ body, caller, services }) =>
  services.filters.save(caller.principal, body.name, body.filter);

export const removeFilter: Handler<typeof routes.removeFilter> = async ({ params, caller, services }) => {
  await services.filters.remove(caller.principal, params.id);
};
