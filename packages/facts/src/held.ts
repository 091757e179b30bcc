import type { Digest, Manifest } from "@countersign/evidence";
import { manifestDigest, omsStatementMatches } from "@countersign/evidence";
import type { Entry } from "./fold.js";
import type { JudgeContext, Judged } from "./judge.js";
import { judgeEntry } from "./judge.js";
import type { Predicate } from "./predicate.js";
import { isCleanScan } from "./predicate.js";
import type {
  ApprovalPredicate,
  DeclarationPredicate,
  ManifestPredicate,
  ScanPredicate,
  ScanVerdict,
} from "./statements.js";
import { supersede } from "./supersede.js";

export interface HeldScan {
  present: boolean;
  /** Worst over the producers' current scans; `none` when there is none. */
  verdict: ScanVerdict | "none";
  /** Files of the manifest that no current scan has read. */
  filesUnscanned: number;
  /** A clean scan was there and its time is over. */
  expired: boolean;
  producers: string[];
  findings: string[];
  /** What the gravest finding says in words; "" without one. */
  worst: string;
  formats: string[];
}

export interface HeldApproval {
  principal: string;
  action: string;
  environment: string;
  role: string;
}

/** What the log says now about one artifact. */
export interface HeldFacts {
  artifact: Digest;
  manifest: Manifest | undefined;
  names: string[];
  scan: HeldScan;
  signers: string[];
  licence: string;
  origin: string;
  tags: Record<string, string>;
  /** Who made or brought the artifact; none of them counts as an approver. */
  authors: string[];
  /** One for each role by which its signer may approve there. */
  approvals: HeldApproval[];
  /** Codes of what must deny whatever a policy says. */
  negatives: string[];
  /** Envelope digests of the facts above, in log order. */
  inputs: Digest[];
  entries: Judged[];
}

/** Judges the chain of an artifact at time `now` and gathers what holds. */
export async function holdFacts(
  artifact: Digest,
  chain: readonly Entry[],
  context: JudgeContext,
  now: number,
): Promise<HeldFacts> {
  const judged = await judgeAll(chain, context);
  const entries = expire(supersede(checkBindings(judged, artifact)), now);
  const facts = entries.filter(({ entry }) => !CONSEQUENCES.includes(entry.predicate));
  const held = facts.filter(({ status }) => status === "held");
  const manifests = held.filter(({ entry }) => entry.predicate === "manifest");
  const manifest = manifests.map((item) => read<ManifestPredicate>(item).manifest)[0];
  const declared = held
    .filter(({ entry }) => entry.predicate === "declaration")
    .map((item) => read<DeclarationPredicate>(item));
  const signers = principals(held, "signature");
  return {
    artifact,
    manifest,
    names: unique(
      manifests.flatMap(({ statement }) => statement?.subject.map(({ name }) => name ?? "") ?? []),
    ),
    scan: scanOf(facts, manifest),
    signers,
    licence: newest(declared, "licence"),
    origin: newest(declared, "origin"),
    tags: Object.assign({}, ...declared.map(({ tags }) => tags ?? {})),
    authors: authorsOf(entries),
    approvals: approvalsOf(held, context),
    negatives: negativesOf(facts),
    inputs: held.map(({ entry }) => entry.envelope),
    entries,
  };
}

/** What follows from a decision is no reason for the next one. */
const CONSEQUENCES: readonly Predicate[] = ["decision", "promotion", "deployment"];

const AT_ONCE = 256;

async function judgeAll(chain: readonly Entry[], context: JudgeContext): Promise<Judged[]> {
  const judged: Judged[] = [];
  for (let from = 0; from < chain.length; from += AT_ONCE) {
    const part = chain.slice(from, from + AT_ONCE);
    judged.push(...(await Promise.all(part.map((entry) => judgeEntry(entry, context)))));
  }
  return judged;
}

const read = <P>({ statement }: Judged): P => statement?.predicate as P;
const unique = (texts: string[]): string[] => [...new Set(texts.filter((text) => text !== ""))];
const principals = (held: Judged[], predicate: string): string[] =>
  unique(held.filter(({ entry }) => entry.predicate === predicate).map(({ principal }) => principal));

/**
 * Whoever ever signed or brought the artifact. Authorship is history: were it lost with a revocation, an author could shed
 * it and approve their own work.
 */
function authorsOf(entries: Judged[]): string[] {
  const counted = entries.filter(({ status }) => status !== "invalid" && status !== "not-allowed");
  return unique(
    counted.flatMap((item) => {
      if (item.entry.predicate === "signature") return [item.principal];
      const brought = item.entry.predicate === "manifest" && item.statement !== undefined;
      return brought ? [read<ManifestPredicate>(item).submitter] : [];
    }),
  );
}

function newest(declared: DeclarationPredicate[], field: "licence" | "origin"): string {
  return declared.map((declaration) => declaration[field]).findLast((text) => text !== undefined) ?? "";
}

/** A manifest must hash to the artifact, and a signature must be over the manifest's files. */
function checkBindings(judged: Judged[], artifact: Digest): Judged[] {
  const bound = judged.map((item) => {
    if (item.status !== "held" || item.entry.predicate !== "manifest") return item;
    const ok = manifestDigest(read<ManifestPredicate>(item).manifest) === artifact;
    return ok ? item : invalid(item, "its manifest is that of another artifact");
  });
  const manifest = bound.find(({ status, entry }) => status === "held" && entry.predicate === "manifest");
  return bound.map((item) => {
    if (item.status === "held" && item.entry.predicate === "approval") return checkApproval(item);
    if (item.status !== "held" || item.entry.predicate !== "signature" || item.statement === undefined)
      return item;
    if (manifest === undefined) return invalid(item, "there is no manifest to hold the signature against");
    const ok = omsStatementMatches(item.statement, read<ManifestPredicate>(manifest).manifest);
    return ok ? item : invalid(item, "it signs other files than the manifest's");
  });
}

const invalid = (item: Judged, reason: string): Judged => ({ ...item, status: "invalid", reason });

function checkApproval(item: Judged): Judged {
  const here = read<ApprovalPredicate>(item).workspace === item.entry.workspace;
  return here ? item : invalid(item, "it was given in another workspace");
}

function expire(judged: Judged[], now: number): Judged[] {
  return judged.map((item) => {
    const { predicate } = item.entry;
    if (item.status !== "held" || (predicate !== "scan" && predicate !== "approval")) return item;
    const { validUntil } = read<{ validUntil?: number }>(item);
    if (validUntil === undefined || now < validUntil) return item;
    // What was found bad does not become good by waiting.
    if (predicate === "scan" && !isCleanScan(read<ScanPredicate>(item))) return item;
    return {
      ...item,
      status: "expired" as const,
      reason: `it was valid until ${new Date(validUntil).toISOString()}`,
    };
  });
}

const RANK: ScanVerdict[] = ["clean", "suspicious", "incomplete", "malicious"];

function scanOf(facts: Judged[], manifest: Manifest | undefined): HeldScan {
  const scans = facts.filter(({ entry }) => entry.predicate === "scan");
  const held = scans.filter(({ status }) => status === "held");
  const current = held.map((item) => read<ScanPredicate>(item));
  const read_ = new Set(current.flatMap(({ files }) => files.map(({ path, sha256 }) => `${sha256} ${path}`)));
  const missed = manifest?.files.filter(({ name, digest }) => !read_.has(`${digest.slice(7)} ${name}`)) ?? [];
  const files = current.flatMap((scan) => scan.files);
  const verdicts: ScanVerdict[] = [
    ...current.map(({ verdict }) => verdict),
    ...files.map(({ verdict }) => verdict),
  ];
  return {
    present: current.length > 0,
    verdict: verdicts.sort((a, b) => RANK.indexOf(b) - RANK.indexOf(a))[0] ?? "none",
    filesUnscanned: manifest === undefined ? 0 : missed.length,
    expired: held.length === 0 && scans.some(({ status }) => status === "expired"),
    producers: unique(held.map(({ principal }) => principal)),
    findings: unique(files.flatMap(({ findings }) => findings.map(({ rule }) => rule))),
    worst: worstOf(files),
    formats: unique(files.map(({ format }) => format)),
  };
}

const SEVERITIES = ["critical", "high", "medium", "low", "info"];

function worstOf(files: ScanPredicate["files"]): string {
  const findings = files.flatMap((file) => file.findings);
  for (const severity of SEVERITIES) {
    const found = findings.find((finding) => finding.severity === severity);
    if (found !== undefined) return String(found.message);
  }
  return "";
}

function approvalsOf(held: Judged[], { trust }: JudgeContext): HeldApproval[] {
  return held.flatMap((item) => {
    if (item.entry.predicate !== "approval") return [];
    const { action, environment } = read<ApprovalPredicate>(item);
    const { entry, principal } = item;
    const permission = trust.permission(entry.signer, "approval", entry.index, entry.at);
    const roles = permission.ok ? trust.approvalRoles(permission.roles, environment) : [];
    return roles.map((role) => ({ principal, action, environment, role }));
  });
}

/** Deletion and erasure may take a finding's text away, never its effect. */
function negativesOf(facts: Judged[]): string[] {
  const codes = facts.flatMap(({ status, entry }) => {
    if (status === "missing") return ["object-missing"];
    if (status === "held" && entry.predicate === "containment") return ["contained"];
    if (status === "invalid" && entry.outcome === "negative") return ["evidence-invalid"];
    return status === "erased" && entry.outcome === "negative" ? ["erased-negative"] : [];
  });
  return unique(codes);
}
