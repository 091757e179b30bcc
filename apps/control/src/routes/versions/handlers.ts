import type { Finding, Manifest, routes, ScanReport } from "@countersign/api";
import { RULES, type Rule, type RuleId } from "@countersign/scanner";
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

/** A recorded scan may leave out what the manifest says already, and what the rule says. */
function completeScan(scan: ScanReport, manifest: Manifest | null): ScanReport {
  const sizes = new Map(manifest?.files.map(({ name, size }) => [name, size]));
  const files = scan.files.map((file) => ({
    ...file,
    size: file.size ?? sizes.get(file.path) ?? 0,
    findings: file.findings.map(completeFinding),
  }));
  return { ...scan, files };
}

/** Another producer's finding of a rule that this server does not know stays as it is. */
function completeFinding(finding: Partial<Finding> & Pick<Finding, "rule">): Finding {
  const rule: Rule | undefined = Object.hasOwn(RULES, finding.rule)
    ? RULES[finding.rule as RuleId]
    : undefined;
  return {
    ...(finding as Finding),
    consequence: finding.consequence ?? rule?.consequence ?? "",
    remedy: finding.remedy ?? rule?.remedy ?? "",
    references: finding.references ?? [...(rule?.references ?? [])],
  };
}
