import type { DecisionRecord } from "@countersign/api";
import { describe, expect, it } from "vitest";
import { differences } from "./differences.js";

const digest = (letter: string): `sha256:${string}` => `sha256:${letter.repeat(64)}`;

const shown: DecisionRecord = {
  id: digest("1"),
  index: 4,
  at: 7,
  artifact: digest("a"),
  name: "model",
  gate: "promote",
  environment: "production",
  outcome: "deny",
  reasons: [{ policy: "p", reason: "r", remedy: "m" }],
  approvers: ["approver"],
  approvalsNeeded: 1,
  policyDigest: digest("b"),
  trustRoot: digest("c"),
  logSize: 4,
  inputs: [digest("d")],
};

const { artifact, gate, environment, outcome, reasons, approvers, approvalsNeeded, trustRoot, logSize } =
  shown;
const signed = {
  predicate: {
    resourceUri: "model",
    policy: { digest: { sha256: "b".repeat(64) } },
    inputAttestations: [{ digest: { sha256: "d".repeat(64) } }],
    countersign: {
      artifact,
      gate,
      environment,
      outcome,
      reasons,
      approvers,
      approvalsNeeded,
      trustRoot,
      logSize,
    },
  },
};

describe("a decision as shown and as signed", () => {
  it("agrees in every field", () => {
    expect(differences(shown, signed)).toEqual([]);
  });

  it("differs where the server tells it otherwise", () => {
    expect(differences({ ...shown, outcome: "allow" }, signed)).toEqual(["outcome"]);
    expect(differences({ ...shown, reasons: [], inputs: [] }, signed)).toEqual(["reasons", "inputs"]);
    expect(differences({ ...shown, name: "other", policyDigest: digest("e") }, signed)).toEqual([
      "name",
      "policyDigest",
    ]);
  });

  it("differs in everything when nothing was signed", () => {
    expect(differences(shown, {})).toHaveLength(12);
  });
});
