import type { DecisionRecord } from "@countersign/api";
import { canonical } from "../../shared/proof/canonical.js";

interface Signed {
  predicate?: {
    resourceUri?: unknown;
    policy?: { digest?: { sha256?: unknown } };
    inputAttestations?: { digest?: { sha256?: unknown } }[];
    countersign?: Record<string, unknown>;
  };
}

const same = (shown: unknown, signed: unknown): boolean =>
  signed !== undefined && canonical(shown) === canonical(signed);

/** Names of what the page shows otherwise than the signed statement says it. */
export const differences = (shown: DecisionRecord, statement: unknown): string[] => {
  const { predicate } = statement as Signed;
  const signed: Record<string, unknown> = {
    ...predicate?.countersign,
    name: predicate?.resourceUri,
    policyDigest: `sha256:${String(predicate?.policy?.digest?.sha256)}`,
    inputs: predicate?.inputAttestations?.map(({ digest }) => `sha256:${String(digest?.sha256)}`),
  };
  const { name, artifact, gate, environment, outcome, reasons, approvers, approvalsNeeded } = shown;
  const { trustRoot, logSize, policyDigest, inputs } = shown;
  const fields = { name, artifact, gate, environment, outcome, reasons, approvers, approvalsNeeded };
  return Object.entries({ ...fields, trustRoot, logSize, policyDigest, inputs })
    .filter(([field, value]) => !same(value, signed[field]))
    .map(([field]) => field);
};
