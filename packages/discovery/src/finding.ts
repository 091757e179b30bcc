/** What can be found. The words are the inventory's. */
export type FindingKind = "Code" | "Dataset" | "Endpoint" | "Image" | "Model" | "Prompt" | "Service";

export type Confidence = "high" | "medium" | "low";

/** Where something was seen. The snippet is safe to print: secrets in it are masked. */
export interface Evidence {
  file: string;
  line?: number;
  snippet?: string;
  /** Which detector saw it. */
  detector: string;
}

/** One sighting, before those of the same thing are put together. */
export interface Sighting extends Evidence {
  kind: FindingKind;
  name: string;
  provider: string;
  confidence: Confidence;
}

export interface Finding {
  kind: FindingKind;
  name: string;
  provider: string;
  confidence: Confidence;
  evidence: Evidence[];
}

/** What could not be looked at, and why: said, never passed over in silence. */
export interface Note {
  file: string;
  reason: string;
}

export interface Report {
  findings: Finding[];
  notes: Note[];
  /** How much was looked at. */
  files: number;
}
