import { basename } from "node:path";
import {
  type AcceptedFinding,
  type FileReport,
  type Finding,
  type ScanReport,
  worstVerdict,
} from "../core/report.js";
import { RULES } from "../rules/rules.js";
import { decides, outcomeOf, verdictOf } from "./finding.js";

/** A finding that someone accepted, on one digest, until a date. */
export interface Acceptance {
  rule: string;
  /** The file's digest in hexadecimal: another file needs another acceptance. */
  sha256: string;
  /** The file's own name. Some rules speak of the name, so the same bytes under another one are another finding. */
  file?: string;
  member?: string;
  /** Where it says so, a finding elsewhere in the same member is not covered. */
  offset?: number;
  owner: string;
  reason: string;
  /** Milliseconds since 1970. */
  expires: number;
}

export interface Baseline {
  accepted: Acceptance[];
}

const KEYS = new Set(["rule", "sha256", "file", "member", "offset", "message", "owner", "reason", "expires"]);
const DIGEST = /^[0-9a-f]{64}$/;
/** `Date.parse` alone would take "1" for a day of 2001. */
const DATE = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/** Reads a baseline file, `{ "accepted": [{ rule, sha256, file?, member?, offset?, owner, reason, expires }] }`. */
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
  if (item === null || typeof item !== "object" || Array.isArray(item)) return "it is no object";
  const { rule, sha256, owner, reason, expires } = item as Record<string, unknown>;
  // A misspelt "member" would otherwise accept something else than was meant.
  const unknown = Object.keys(item).find((key) => !KEYS.has(key));
  if (unknown !== undefined)
    return `it has a field that is not known: ${JSON.stringify(unknown.slice(0, 40))}`;
  if (typeof rule !== "string" || !Object.hasOwn(RULES, rule)) return "its rule is unknown";
  if (outcomeOf({ rule }) === "incomplete")
    return `${rule} cannot be accepted: nobody has seen what is there`;
  if (typeof sha256 !== "string" || !DIGEST.test(sha256)) return "its sha256 is no digest";
  const place = readPlace(item);
  if (typeof place === "string") return place;
  if (!isProse(owner) || !isProse(reason)) return "it needs an owner and a reason";
  const until = typeof expires === "string" && DATE.test(expires) ? Date.parse(expires) : Number.NaN;
  if (Number.isNaN(until)) return "its expires is no date such as 2027-01-31";
  return { rule, sha256, owner, reason, expires: until, ...place };
}

function readPlace(item: {
  file?: unknown;
  member?: unknown;
  offset?: unknown;
}): string | Pick<Acceptance, "file" | "member" | "offset"> {
  const { file, member, offset } = item;
  if (file !== undefined && typeof file !== "string") return "its file is no text";
  if (member !== undefined && typeof member !== "string") return "its member is no text";
  if (offset !== undefined && !(Number.isSafeInteger(offset) && Number(offset) >= 0))
    return "its offset is no number of a byte";
  return {
    ...(file === undefined ? {} : { file }),
    ...(member === undefined ? {} : { member }),
    ...(offset === undefined ? {} : { offset: Number(offset) }),
  };
}

const isProse = (value: unknown): value is string => typeof value === "string" && value.trim() !== "";

/** Sets accepted findings aside. Nothing that keeps a file from being read can be accepted. */
export function applyBaseline(report: ScanReport, baseline: Baseline, now: number): ScanReport {
  const byDigest = grouped(baseline.accepted);
  const files = report.files.map((file) => applyToFile(file, byDigest.get(file.sha256) ?? [], now));
  return { ...report, files, verdict: worstVerdict(files.map(({ verdict }) => verdict)) };
}

function applyToFile(file: FileReport, acceptances: readonly Acceptance[], now: number): FileReport {
  // Without a digest it is not known which file this is.
  if (file.sha256 === "") return file;
  const findings: Finding[] = [];
  const accepted: AcceptedFinding[] = [];
  for (const finding of file.findings) {
    const by = acceptances.find((acceptance) => holds(acceptance, now) && covers(acceptance, file, finding));
    if (by === undefined) findings.push(finding);
    else accepted.push({ ...finding, owner: by.owner, reason: by.reason, expires: by.expires });
  }
  if (accepted.length === 0) return file;
  return { ...file, findings, verdict: verdictOf(findings), accepted };
}

function grouped<T extends { sha256: string }>(items: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(item.sha256);
    if (group === undefined) groups.set(item.sha256, [item]);
    else group.push(item);
  }
  return groups;
}

const holds = ({ owner, reason, expires }: Acceptance, now: number): boolean =>
  owner.trim() !== "" && reason.trim() !== "" && expires > now;

function covers(
  { rule, sha256, file: name, member, offset }: Acceptance,
  file: FileReport,
  finding: Finding,
): boolean {
  if (rule !== finding.rule || sha256 !== file.sha256 || outcomeOf(finding) === "incomplete") return false;
  if (name !== undefined && name !== basename(file.path)) return false;
  if (offset !== undefined && offset !== finding.location.offset) return false;
  return member === finding.location.member;
}

/** Entries that do nothing, for their owners: those whose time is over, and those that no finding answers to. */
export function idleAcceptances(
  found: ScanReport,
  { accepted }: Baseline,
  now: number,
): { expired: Acceptance[]; unused: Acceptance[] } {
  const byDigest = grouped(found.files);
  const matches = (acceptance: Acceptance): boolean =>
    (byDigest.get(acceptance.sha256) ?? []).some((file) =>
      file.findings.some((finding) => covers(acceptance, file, finding)),
    );
  return {
    expired: accepted.filter((acceptance) => !(acceptance.expires > now) && matches(acceptance)),
    unused: accepted.filter((acceptance) => !matches(acceptance)),
  };
}

/** A file to start from. Its owners and reasons are empty, so it is refused until a person has filled them in. */
export function draftBaseline(report: ScanReport, expires: string): object {
  const accepted = report.files.flatMap((file) =>
    file.sha256 === ""
      ? []
      : file.findings
          .filter((finding) => decides(finding) && outcomeOf(finding) !== "incomplete")
          .map((finding) => draft(file, finding, expires)),
  );
  return { accepted };
}

function draft(
  file: FileReport,
  { rule, message, location: { member, offset } }: Finding,
  expires: string,
): object {
  return {
    rule,
    sha256: file.sha256,
    file: basename(file.path),
    ...(member === undefined ? {} : { member }),
    ...(offset === undefined ? {} : { offset }),
    message,
    owner: "",
    reason: "",
    expires,
  };
}
