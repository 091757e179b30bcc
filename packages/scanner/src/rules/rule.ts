import type { Severity } from "../core/report.js";

export type Outcome = "malicious" | "suspicious" | "incomplete" | "note";

export interface Rule {
  title: string;
  severity: Severity;
  /** What a finding of this rule makes of the file; a note leaves it clean. */
  outcome: Outcome;
  /** What happens if the file is loaded. */
  consequence: string;
  remedy: string;
  references: readonly string[];
}
