import type { Digest, Statement } from "@countersign/evidence";
import { canonicalJson, makeStatement, sha256 } from "@countersign/evidence";
import type { Entry, Judged } from "@countersign/facts";
import { PREDICATE_TYPES } from "@countersign/facts";
import type { Decision, Gate } from "@countersign/policy";
import type { DecisionRecord } from "./types.js";

/** The predicate of a decision: SLSA VSA v1, and under `countersign` what a VSA has no place for. */
export interface DecisionPredicate {
  verifier: { id: string };
  timeVerified: string;
  resourceUri: string;
  policy: { uri: string; digest: { sha256: string } };
  inputAttestations: { uri: string; digest: { sha256: string } }[];
  verificationResult: "PASSED" | "FAILED";
  verifiedLevels: string[];
  slsaVersion: "1.0";
  countersign: {
    gate: Gate;
    environment: string;
    outcome: Decision["outcome"];
    reasons: Decision["reasons"];
    approvers: string[];
    approvalsNeeded: number;
    trustRoot: Digest;
    logSize: number;
    subject: { count: number; hash: string };
    artifact: Digest;
    principal: string;
  };
}

export interface Ruling {
  gate: Gate;
  environment: string;
  artifact: Digest;
  name: string;
  principal: string;
  decision: Decision;
  trustRoot: Digest;
  logSize: number;
  subject: { count: number; hash: string };
  inputs: Digest[];
  at: number;
}

const hex = (digest: Digest): { sha256: string } => ({ sha256: digest.slice(7) });

export function decisionStatement(ruling: Ruling, verifier: string): Statement<DecisionPredicate> {
  const { gate, environment, artifact, name, principal, decision, trustRoot, logSize, subject, inputs, at } =
    ruling;
  const { outcome, reasons, approvers, approvalsNeeded, policyDigest } = decision;
  return makeStatement([{ name, digest: hex(artifact) }], PREDICATE_TYPES.decision, {
    verifier: { id: verifier },
    timeVerified: new Date(at).toISOString(),
    resourceUri: name,
    policy: { uri: "countersign:policies", digest: hex(policyDigest) },
    inputAttestations: inputs.map((digest) => ({
      uri: `countersign:attestation:${digest}`,
      digest: hex(digest),
    })),
    verificationResult: outcome === "allow" ? "PASSED" : "FAILED",
    verifiedLevels: [],
    slsaVersion: "1.0",
    countersign: {
      gate,
      environment,
      outcome,
      reasons,
      approvers,
      approvalsNeeded,
      trustRoot,
      logSize,
      subject,
      artifact,
      principal,
    },
  });
}

/** Reads a decision back from its entry. */
export function decisionRecord(
  entry: Pick<Entry, "envelope" | "index" | "at">,
  statement: Statement,
): DecisionRecord {
  const predicate = statement.predicate as DecisionPredicate;
  const { gate, environment, outcome, reasons, approvers, approvalsNeeded, trustRoot, logSize, artifact } =
    predicate.countersign;
  return {
    id: entry.envelope,
    index: entry.index,
    at: entry.at,
    artifact,
    name: predicate.resourceUri,
    gate,
    environment,
    outcome,
    reasons,
    approvers,
    approvalsNeeded,
    policyDigest: `sha256:${predicate.policy.digest.sha256}`,
    trustRoot,
    logSize,
    inputs: predicate.inputAttestations.map(({ digest }) => `sha256:${digest.sha256}` as Digest),
  };
}

/** The newest decision on the same question that read the same evidence and came out the same, if there is one. */
export function sameDecision(
  judged: readonly Judged[],
  statement: Statement<DecisionPredicate>,
): Judged | undefined {
  const wanted = essence(statement.predicate);
  const { gate, environment } = statement.predicate.countersign;
  const newest = judged.findLast(({ entry, status, statement: other }) => {
    if (entry.predicate !== "decision" || status !== "held" || other === undefined) return false;
    const { countersign } = other.predicate as DecisionPredicate;
    return countersign.gate === gate && countersign.environment === environment;
  });
  const same =
    newest?.statement !== undefined && essence(newest.statement.predicate as DecisionPredicate) === wanted;
  return same ? newest : undefined;
}

// All but time and place in the log: asking the same question of the same evidence twice is one decision.
function essence({ countersign, policy, inputAttestations, resourceUri }: DecisionPredicate): string {
  const { logSize: _size, subject: _subject, ...rest } = countersign;
  const inputs = inputAttestations.map(({ digest }) => digest.sha256);
  return sha256(canonicalJson([rest, policy, inputs, resourceUri]));
}
