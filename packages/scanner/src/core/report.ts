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
}

export interface ScanReport {
  files: FileReport[];
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
