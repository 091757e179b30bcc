import type { FileReport, Finding, Verdict } from "../core/report.js";
import type { Outcome } from "../rules/rule.js";
import { RULES, type RuleId } from "../rules/rules.js";

/** What a finding makes of its file. A rule that this scanner does not know counts as unread. */
export function outcomeOf({ rule }: Pick<Finding, "rule">): Outcome {
  return Object.hasOwn(RULES, rule) ? RULES[rule as RuleId].outcome : "incomplete";
}

/** Whether a finding decides, or is a note beside the verdict. */
export function decides(finding: Finding): boolean {
  return outcomeOf(finding) !== "note";
}

export function verdictOf(findings: readonly Finding[]): Verdict {
  const outcomes = new Set(findings.map(outcomeOf));
  if (outcomes.has("malicious")) return "malicious";
  if (outcomes.has("incomplete")) return "incomplete";
  return outcomes.has("suspicious") ? "suspicious" : "clean";
}

/** The place inside the file in words, such as `archive/data.pkl, byte 5`; "" for the file as a whole. */
export function placeInside({ member, offset }: Finding["location"]): string {
  const parts = [member, offset === undefined ? undefined : `byte ${offset}`];
  return parts.filter((part) => part !== undefined && part !== "").join(", ");
}

/** Severities from the worst down. */
const WORST_FIRST: readonly Finding["severity"][] = ["critical", "high", "medium", "low", "info"];
const OUTCOMES: readonly Outcome[] = ["malicious", "incomplete", "suspicious", "note"];

/** Orders findings: what decides the verdict first, then by severity. The order among equals is kept. */
export function worstFirst(findings: FileReport["findings"]): Finding[] {
  const rank = (finding: Finding): number =>
    OUTCOMES.indexOf(outcomeOf(finding)) * WORST_FIRST.length + WORST_FIRST.indexOf(finding.severity);
  return [...findings].sort((a, b) => rank(a) - rank(b));
}
