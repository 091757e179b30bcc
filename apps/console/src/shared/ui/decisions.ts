import type { DecisionRecord } from "@countersign/api";
import { quote } from "./format.js";

const ACTIONS: Record<string, string> = {
  ingest: "enter the workspace",
  train: "be trained with",
  promote: "be promoted",
  deploy: "be deployed",
  invoke: "be called",
  export: "be exported",
};

/** Things are promoted to an environment, and trained with in one. */
const toward = (gate: string): string => (gate === "promote" || gate === "deploy" ? "to" : "in");

/** The question that a decision answers, as a sentence. */
export const question = ({ gate, environment }: Pick<DecisionRecord, "gate" | "environment">): string => {
  const action = ACTIONS[gate] ?? gate;
  return gate === "ingest" ? `May it ${action}?` : `May it ${action} ${toward(gate)} ${environment}?`;
};

/** The question in a few words, for tables. */
export const topic = ({ gate, environment }: Pick<DecisionRecord, "gate" | "environment">): string =>
  gate === "ingest"
    ? "Ingest"
    : `${gate.charAt(0).toUpperCase()}${gate.slice(1)} ${toward(gate)} ${environment}`;

/** Whether a reason already says how to approve. */
export const tellsHowToApprove = ({ reasons }: Pick<DecisionRecord, "reasons">): boolean =>
  reasons.some(({ remedy }) => remedy.startsWith("countersign approve"));

/** Keys stay with people: the console shows what to run and never signs. */
export const approveCommand = ({
  name,
  gate,
  environment,
}: Pick<DecisionRecord, "name" | "gate" | "environment">): string =>
  `countersign approve ${quote(name)} --gate ${gate} --environment ${environment}`;
