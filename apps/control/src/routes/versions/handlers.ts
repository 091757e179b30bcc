import type { routes } from "@countersign/api";
import { DEFAULT_LIMIT, decodeCursor, encodeCursor } from "../../http/cursor.js";
import type { Handler } from "../../http/mount.js";
import { scanVersions } from "./scan.js";

export const versions: Handler<typeof routes.versions> = async ({ query, services }) => {
  const limit = query.limit ?? DEFAULT_LIMIT;
  const before = decodeCursor("versions", query.cursor);
  const { items, next } = await scanVersions(services.workspace, { limit, before, query: query.query ?? "" });
  return { items, nextCursor: next === undefined ? null : encodeCursor("versions", next) };
};

export const version: Handler<typeof routes.version> = async ({ params, services }) =>
  services.workspace.version(params.subject);
