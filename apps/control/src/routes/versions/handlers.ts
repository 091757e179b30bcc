import type { Manifest, routes, ScanReport } from "@countersign/api";
import { DEFAULT_LIMIT, decodeCursor, encodeCursor } from "../../http/cursor.js";
import type { Handler } from "../../http/mount.js";
import { scanVersions } from "./scan.js";

export const versions: Handler<typeof routes.versions> = async ({ query, services }) => {
  const limit = query.limit ?? DEFAULT_LIMIT;
  const before = decodeCursor("versions", query.cursor);
  const { items, next } = await scanVersions(services.workspace, { limit, before, query: query.query ?? "" });
  return { items, nextCursor: next === undefined ? null : encodeCursor("versions", next) };
};

export const version: Handler<typeof routes.version> = async ({ params, services }) => {
  const found = await services.workspace.version(params.subject);
  return { ...found, scan: found.scan && completeScan(found.scan, found.manifest) };
};

/** The recorded scan leaves out what the manifest says already, and what the rule's page says. */
function completeScan(scan: ScanReport, manifest: Manifest | null): ScanReport {
  const sizes = new Map(manifest?.files.map(({ name, size }) => [name, size]));
  const files = scan.files.map((file) => ({
    ...file,
    size: file.size ?? sizes.get(file.path) ?? 0,
    findings: file.findings.map((finding) => ({ ...finding, references: finding.references ?? [] })),
  }));
  return { ...scan, files };
}
