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

const DIGEST = /^[0-9a-f]{64}$/;

/** Reads a baseline file: `{ "accepted": [{ rule, sha256, member?, owner, reason, expires }] }`, `expires` as an ISO date. */
export function parseBaseline(
  text: string,
): { ok: true; baseline: Baseline } | { ok: false; reason: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, reason: "it is no JSON" };
  }
  const list = (value as { accepted?: unknown } | null)?.accepted;
  if (!Array.isArray(list)) return { ok: false, reason: "it has no list named accepted" };
  const accepted: Acceptance[] = [];
  for (const [at, item] of list.entries()) {
    const read = readAcceptance(item);
    if (typeof read === "string") return { ok: false, reason: `number ${at + 1}: ${read}` };
    accepted.push(read);
  }
  return { ok: true, baseline: { accepted } };
}

function readAcceptance(item: unknown): Acceptance | string {
  if (item === null || typeof item !== "object") return "it is no object";
  const { rule, sha256, member, owner, reason, expires } = item as Record<string, unknown>;
  if (typeof rule !== "string" || !Object.hasOwn(RULES, rule)) return "its rule is unknown";
  if (outcomeOf({ rule }) === "incomplete")
    return `${rule} cannot be accepted: nobody has seen what is there`;
  if (typeof sha256 !== "string" || !DIGEST.test(sha256)) return "its sha256 is no digest";
  if (member !== undefined && typeof member !== "string") return "its member is no text";
  if (!isProse(owner) || !isProse(reason)) return "it needs an owner and a reason";
  const until = typeof expires === "string" ? Date.parse(expires) : Number.NaN;
  if (Number.isNaN(until)) return "its expires is no date such as 2027-01-31";
  return { rule, sha256, owner, reason, expires: until, ...(member === undefined ? {} : { member }) };
}

const isProse = (value: unknown): value is string => typeof value === "string" && value.trim() !== "";

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

function outcomeOf({ rule }: Pick<Finding, "rule">): string {
  return Object.hasOwn(RULES, rule) ? RULES[rule as RuleId].outcome : "incomplete";
}

function verdictOf(findings: readonly Finding[]): FileReport["verdict"] {
  const outcomes = new Set(findings.map(outcomeOf));
  if (outcomes.has("malicious")) return "malicious";
  if (outcomes.has("incomplete")) return "incomplete";
  return outcomes.has("suspicious") ? "suspicious" : "clean";
}
