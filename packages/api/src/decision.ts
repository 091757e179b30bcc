import { type Static, Type } from "typebox";
import { Digest, Environment, Gate, Millis, PageQuery, page, Subject, WorkspaceId } from "./common.js";

export const DecisionOutcome = Type.Enum(["allow", "deny", "pending"]);
export type DecisionOutcome = Static<typeof DecisionOutcome>;

export const Reason = Type.Object({ policy: Type.String(), reason: Type.String(), remedy: Type.String() });
export type Reason = Static<typeof Reason>;

export const DecisionRecord = Type.Object({
  id: Digest,
  index: Type.Integer(),
  at: Millis,
  artifact: Digest,
  name: Type.String(),
  gate: Gate,
  environment: Type.String(),
  outcome: DecisionOutcome,
  reasons: Type.Array(Reason),
  approvers: Type.Array(Type.String()),
  approvalsNeeded: Type.Number(),
  policyDigest: Digest,
  trustRoot: Digest,
  logSize: Type.Integer(),
  inputs: Type.Array(Digest),
});
export type DecisionRecord = Static<typeof DecisionRecord>;

export const DecisionPage = page(DecisionRecord);
export const DecisionParams = Type.Object({ workspace: WorkspaceId, id: Digest });
export const DecisionQuery = PageQuery;

export const GateBody = Type.Object(
  { gate: Gate, subject: Subject, environment: Environment },
  { additionalProperties: false },
);
export type GateBody = Static<typeof GateBody>;

/** A decision with everything an outsider needs to check it offline; `verifier/` reads it. */
export const EvidenceFile = Type.Unsafe<Record<string, unknown>>(
  Type.Object({}, { additionalProperties: true, description: "countersign-evidence/v1" }),
);
export type EvidenceFile = Static<typeof EvidenceFile>;
