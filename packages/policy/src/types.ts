import type { Digest } from "@countersign/evidence";

export const GATES = ["ingest", "train", "promote", "deploy", "invoke", "export"] as const;
export type Gate = (typeof GATES)[number];

export const VERDICTS = ["clean", "suspicious", "malicious", "incomplete", "none"] as const;
export type ScanVerdict = (typeof VERDICTS)[number];

export interface ScanFacts {
  present: boolean;
  /** The worst verdict of all producers whose scan holds; `none` exactly when no scan does. */
  verdict: ScanVerdict;
  filesUnscanned: number;
  expired: boolean;
  producers: string[];
  /** Rule ids. */
  findings: string[];
  /** What the gravest finding says in words; `""` without one. For reasons, not for policies. */
  worst: string;
}

export interface Approval {
  principal: string;
  /** The gate that the approval is for. */
  action: string;
  environment: string;
  role: string;
}

/**
 * What holds about one artifact, made from held facts alone. Always complete: no attribute is absent, unknown is
 * said with `""`, `"none"` or `[]`, because a policy that reads something absent would be skipped.
 */
export interface FactsInput {
  artifact: { digest: string; name: string; files: number; formats: string[] };
  scan: ScanFacts;
  /** Signers are principal ids. */
  signature: { present: boolean; signers: string[] };
  /** `""` is unknown. */
  declaration: { licence: string; origin: string; tags: Record<string, string> };
  /** Principal ids of all who signed or submitted it; `[]` when nobody is on record. None of them counts as an approver. */
  authors: string[];
  /** Only those held for this digest. */
  approvals: Approval[];
  /** Codes of evidence that is erased, tampered with or contradictory. Any entry means deny, whatever policies say. */
  negatives: string[];
}

export interface EligibleApprover {
  principal: string;
  role: string;
}

export interface GateRequest {
  gate: Gate;
  /** `dev`, `staging`, `production` or a name of the user's; policies treat a name they do not know as production. */
  environment: string;
  region?: string;
  /** Who asks. */
  principal: string;
  facts: FactsInput;
  eligibleApprovers: EligibleApprover[];
}

export interface DecisionReason {
  /** The `@id` of a policy, or one of the engine's own (ENGINE_REASONS). */
  policy: string;
  reason: string;
  /** The command that would change the answer. */
  remedy: string;
}

export type Outcome = "allow" | "deny" | "pending";

/** Reasons that the engine, or the workspace before it asks the engine, gives by itself; no policy may use these ids. */
export const ENGINE_REASONS = [
  "contained",
  "default-deny",
  "evidence-negative",
  "facts-inconsistent",
  "no-approver",
  "policy-error",
  "request-invalid",
  "trust-root-expired",
] as const;
export type EngineReason = (typeof ENGINE_REASONS)[number];

export interface Decision {
  /** `pending` is a deny now, and an allow when evaluated again with the named approvals present. */
  outcome: Outcome;
  reasons: DecisionReason[];
  /** Who may approve, when pending; sorted. */
  approvers: string[];
  approvalsNeeded: number;
  /** `@id`s of the policies that determined the answer; sorted. Empty when the engine itself refused. */
  determining: string[];
  policyDigest: Digest;
}
