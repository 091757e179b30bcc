import type { DecisionRecord } from "@countersign/api";

/** The decision that was made last. */
export const newest = (decisions: DecisionRecord[]): DecisionRecord | undefined =>
  decisions.reduce<DecisionRecord | undefined>(
    (last, decision) => (last === undefined || decision.index > last.index ? decision : last),
    undefined,
  );
