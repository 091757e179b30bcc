import type { Digest, Manifest, Signer } from "@countersign/evidence";
import type { AssetKind } from "@countersign/facts";
import type { Decision, FactsInput, Gate } from "@countersign/policy";
import type { ScanReport } from "@countersign/scanner";

/** One entry of an artifact's chain, as the fold sees it now. */
export type EntryStatus =
  | "held"
  | "superseded"
  | "revoked"
  | "expired"
  | "erased"
  | "not-allowed"
  | "compromised"
  | "invalid"
  | "missing";

export interface EntryView {
  index: number;
  at: number;
  predicate: string;
  outcome: "negative" | "neutral" | "positive";
  envelope: Digest;
  signer: Digest;
  principal: string;
  status: EntryStatus;
  /** Why the status is what it is, as a sentence; "" when held. */
  reason: string;
  /** Index of the entry that superseded or revoked this one. */
  by?: number;
  /** Canonical JSON of the leaf, base64: what the log hashes. */
  leaf: string;
}

export interface AdmitInput {
  path: string;
  name: string;
  /** Default `Model`. */
  kind?: AssetKind;
  licence?: string;
  origin?: string;
  tags?: Record<string, string>;
  /** Principal who submits; counts as an author. */
  submitter: string;
  /** Signs the OMS signature. Absent: the artifact stays unsigned and may not leave dev. */
  author?: Signer;
}

export interface AdmitResult {
  name: string;
  artifact: Digest;
  manifest: Manifest;
  scan: ScanReport;
  /** What contradicts the declaration. */
  warnings?: string[];
  signed: boolean;
  decision: DecisionRecord;
}

export interface DecisionRecord {
  /** Digest of the decision's envelope; its name everywhere. */
  id: Digest;
  index: number;
  at: number;
  artifact: Digest;
  name: string;
  gate: Gate;
  environment: string;
  outcome: Decision["outcome"];
  reasons: Decision["reasons"];
  approvers: string[];
  approvalsNeeded: number;
  policyDigest: Digest;
  trustRoot: Digest;
  logSize: number;
  /** Envelope digests of the facts that the policy read. */
  inputs: Digest[];
}

export interface GateInput {
  gate: Gate;
  /** `sha256:...` or an asset name (its newest version). */
  subject: string;
  /** What an artifact that is asked for by digest goes by in the decision; else the first name that it was admitted under. */
  name?: string;
  environment: string;
  principal: string;
}

export interface Promotion {
  artifact: Digest;
  name: string;
  environment: string;
  decision: Digest;
  index: number;
  at: number;
}

export interface PromoteResult {
  decision: DecisionRecord;
  promotion?: Promotion;
}

export interface VersionSummary {
  name: string;
  artifact: Digest;
  index: number;
  at: number;
  /** The newest decision for each gate and environment. */
  decisions: DecisionRecord[];
  environments: string[];
}

export interface VersionDetail extends VersionSummary {
  manifest: Manifest | null;
  facts: FactsInput;
  scan: ScanReport | null;
  entries: EntryView[];
}

/** What `audit` found; empty `problems` means log, objects, projection and witness agree. */
export interface AuditReport {
  size: number;
  root: string;
  entriesChecked: number;
  objectsChecked: number;
  problems: { code: string; where: string; reason: string }[];
}
