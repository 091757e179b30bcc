import { type FileReport, type Finding, type ScanReport, worstVerdict } from "../core/report.js";
import { RULES, type RuleId } from "../rules/rules.js";

/** A finding that someone accepted, on one digest, until a date. */
export interface Acceptance {
  rule: string;
  /** The file's digest in hexadecimal: another file needs another acceptance. */
  sha256: string;
  member?: string;
  owner: string;
  reason: string;
  /** Milliseconds since 1970. */
  expires: number;
}

export interface Baseline {
  accepted: Acceptance[];
}

/** Takes accepted findings out of a report. Nothing that keeps a file from being read can be accepted. */
export function applyBaseline(report: ScanReport, baseline: Baseline, now: number): ScanReport {
  const files = report.files.map((file) => applyToFile(file, baseline, now));
  return { ...report, files, verdict: worstVerdict(files.map(({ verdict }) => verdict)) };
}

function applyToFile(file: FileReport, baseline: Baseline, now: number): FileReport {
  if (file.sha256 === "") return file;
  const findings = file.findings.filter(
    (finding) => !baseline.accepted.some((acceptance) => covers(acceptance, file, finding, now)),
  );
  if (findings.length === file.findings.length) return file;
  return { ...file, findings, verdict: verdictOf(findings) };
}

function covers(acceptance: Acceptance, file: FileReport, finding: Finding, now: number): boolean {
  if (acceptance.owner.trim() === "" || acceptance.reason.trim() === "" || !(acceptance.expires > now))
    return false;
  if (acceptance.rule !== finding.rule || acceptance.sha256 !== file.sha256) return false;
  return acceptance.member === finding.location.member && outcomeOf(finding) !== "incomplete";
}

function outcomeOf({ rule }: Finding): string {
  return Object.hasOwn(RULES, rule) ? RULES[rule as RuleId].outcome : "incomplete";
}

function verdictOf(findings: readonly Finding[]): FileReport["verdict"] {
  const outcomes = new Set(findings.map(outcomeOf));
  if (outcomes.has("malicious")) return "malicious";
  if (outcomes.has("incomplete")) return "incomplete";
  return outcomes.has("suspicious") ? "suspicious" : "clean";
}
