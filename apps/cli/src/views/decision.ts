import type { DecisionRecord } from "@countersign/api";
import { shellWord } from "../place/subject.js";
import type { Session } from "../session.js";
import { type Safe, safe } from "../terminal/safe.js";
import { bold, dim, verdict } from "../terminal/style.js";

const EXIT = { allow: 0, deny: 1, pending: 3 } as const;

export function decisionExit(decision: DecisionRecord): number {
  return EXIT[decision.outcome];
}

const SAYS = { allow: "allowed", deny: "denied", pending: "pending" } as const;

/** A decision for a person: the answer, why, and last the commands that would change it. */
export function drawDecision(session: Session, decision: DecisionRecord): void {
  const { output } = session;
  const { outcome, gate, environment, name, artifact, id, index } = decision;
  const about = name === "" ? artifact : name;
  output.line(safe`${verdict(outcome)}  ${gate} of ${bold(about)} in ${environment} is ${SAYS[outcome]}`);
  output.line(safe`  artifact  ${artifact}`);
  output.line(safe`  decision  ${id} ${dim(`(entry ${index})`)}`);
  if (outcome === "allow") return;
  for (const { policy, reason } of decision.reasons)
    output.line(safe`  because   ${reason} ${dim(`(${policy})`)}`);
  if (outcome === "pending") output.line(approversLine(decision));
  for (const remedy of remedies(decision)) output.line(safe`  ${bold("fix:")}      ${remedy}`);
}

function approversLine({ approvers, approvalsNeeded }: DecisionRecord): Safe {
  const who = approvers.length === 0 ? "nobody: no trusted key may approve here" : approvers.join(", ");
  return safe`  approvers ${bold(who)} (${approvalsNeeded} more needed)`;
}

function remedies(decision: DecisionRecord): string[] {
  const found = decision.reasons.map(({ remedy }) => remedy).filter((remedy) => remedy !== "");
  if (decision.outcome === "pending" && found.length === 0) found.push(approveCommand(decision));
  return [...new Set(found)];
}

function approveCommand({ artifact, gate, environment }: DecisionRecord): string {
  return `countersign approve ${artifact} --gate ${gate} --environment ${shellWord(environment)}`;
}
