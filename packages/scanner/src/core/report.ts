import type { LicenceClaim, MemberDigest, ModelCard, ModelFacts } from "./gathered.js";

export type Verdict = "clean" | "suspicious" | "malicious" | "incomplete";
export type Severity = "info" | "low" | "medium" | "high" | "critical";

export interface Location {
  file?: string;
  /** Path inside nested containers, joined by `!`. */
  member?: string;
  /** Byte offset inside the innermost member, or inside the file where there is none. */
  offset?: number;
}

export interface Finding {
  rule: string;
  severity: Severity;
  message: string;
  /** What happens if the file is loaded. */
  consequence: string;
  location: Location;
  remedy: string;
  references: string[];
}

export interface FileReport {
  path: string;
  /** SHA-256 of the scanned bytes in lower-case hexadecimal; empty when the file could not be read. */
  sha256: string;
  size: number;
  format: string;
  verdict: Verdict;
  findings: Finding[];
  /** Findings that a baseline accepts. They do not count, and are kept so that every output can say so. */
  accepted?: AcceptedFinding[];
  /** What the file says of the licence. */
  licences?: LicenceClaim[];
  /** The file is the model's card. */
  card?: ModelCard;
  /** Digests of the members, where a list of known bad ones was to be searched. */
  members?: MemberDigest[];
}

export interface AcceptedFinding extends Finding {
  owner: string;
  reason: string;
  /** Milliseconds since 1970. */
  expires: number;
}

export interface ScanReport {
  files: FileReport[];
  /** What the files together say of the model. */
  model?: ModelFacts;
  /** The worst verdict of all files. */
  verdict: Verdict;
  scanner: { name: "countersign"; rules: string };
}

/** From best to worst. `incomplete` outranks `suspicious`: what was not read may hold anything. */
const ORDER: readonly Verdict[] = ["clean", "suspicious", "incomplete", "malicious"];

export function worstVerdict(verdicts: Iterable<Verdict>): Verdict {
  let worst = 0;
  for (const verdict of verdicts) worst = Math.max(worst, ORDER.indexOf(verdict));
  return ORDER[worst] ?? "incomplete";
}
