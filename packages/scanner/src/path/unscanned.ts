import type { FileReport } from "../core/report.js";
import { findingOf } from "../core/scan.js";
import type { RuleId } from "../rules/rules.js";

/** A report of a file that was not examined. */
export function unscanned(path: string, rule: RuleId, message: string, size = 0): FileReport {
  const finding = findingOf(rule, message, {});
  return { path, sha256: "", size, format: "unknown", verdict: "incomplete", findings: [finding] };
}

/** A report of a file that was another when its scan ended. */
export function asChanged(report: FileReport): FileReport {
  const changed = unscanned(report.path, "file-changed", "The file changed while it was read.", report.size);
  const verdict = report.verdict === "malicious" ? "malicious" : "incomplete";
  return { ...report, sha256: "", verdict, findings: [...report.findings, ...changed.findings] };
}
