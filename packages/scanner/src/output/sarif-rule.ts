import type { Finding, Severity } from "../core/report.js";
import { rulePageUrl } from "../references.js";
import type { Outcome, Rule } from "../rules/rule.js";
import { RULES, type RuleId } from "../rules/rules.js";
import { referenceLink } from "./rule-page.js";

export const LEVEL: Readonly<Record<Finding["severity"], "error" | "warning" | "note">> = {
  critical: "error",
  high: "error",
  medium: "warning",
  low: "note",
  info: "note",
};

/** GitHub's scale for security findings. */
const SCORE: Record<Severity, string> = {
  critical: "9.8",
  high: "8.0",
  medium: "5.5",
  low: "2.0",
  info: "0.1",
};

/** GitHub's own word beside the level. */
const PROBLEM: Record<Severity, string> = {
  critical: "error",
  high: "error",
  medium: "warning",
  low: "recommendation",
  info: "recommendation",
};

const PRECISION: Record<Outcome, string> = {
  malicious: "very-high",
  suspicious: "high",
  incomplete: "high",
  note: "medium",
};

/** A rule as a SARIF reporting descriptor (SARIF 2.1.0 section 3.49). */
export function describeRule(id: string): object {
  const rule = RULES[id as RuleId];
  const helpUri = rulePageUrl(id);
  return {
    id,
    name: id.replace(/(^|-)([a-z0-9])/g, (_, __, letter: string) => letter.toUpperCase()),
    shortDescription: { text: `${rule.title}.` },
    fullDescription: { text: rule.consequence },
    help: { text: `${rule.consequence} ${rule.remedy}`, markdown: markdown(id, rule) },
    helpUri,
    defaultConfiguration: { level: LEVEL[rule.severity] },
    properties: {
      "security-severity": SCORE[rule.severity],
      "problem.severity": PROBLEM[rule.severity],
      precision: PRECISION[rule.outcome],
      tags: tags(rule),
    },
  };
}

/** GitHub reads weaknesses from tags of this form. */
function tags({ references }: Rule): string[] {
  const weaknesses = references.flatMap((reference) => {
    const number = /^CWE-(\d+)$/.exec(reference)?.[1];
    return number === undefined ? [] : [`external/cwe/cwe-${number.padStart(3, "0")}`];
  });
  return ["security", "ai-model", ...weaknesses];
}

function markdown(id: string, rule: Rule): string {
  const lines = [`**If the file is loaded:** ${rule.consequence}`, "", `**What to do:** ${rule.remedy}`];
  if (rule.references.length > 0)
    lines.push("", `**Read more:** ${rule.references.map(referenceLink).join(", ")}`);
  lines.push("", `[The rule \`${id}\`](${rulePageUrl(id)})`);
  return lines.join("\n");
}
