import { ProtocolError } from "@countersign/tracking";
import type { DecisionRecord } from "@countersign/workspace";

/** What a policy proposes needs the files; whoever works with an MLflow client has a digest and a version instead. */
const REMEDIES: Record<string, (question: Question, artifact: string) => string> = {
  "unsigned-stays-in-dev": (_question, artifact) => `countersign sign ${artifact} --record --key author.key`,
  "expired-scan-stays": scanAgain,
  "no-unscanned": scanAgain,
  "no-incomplete": scanAgain,
};

/** A copy has the same bytes, so its new scan counts for the original too. */
function scanAgain({ name, version }: Question): string {
  return `mlflow.MlflowClient().create_model_version("${name}", "models:/${name}/${version}")`;
}

export interface Question {
  /** Alias or stage, as people say it: `Alias "champion"`. */
  label: string;
  name: string;
  version: number;
  environment: string;
}

export function denied(message: string): ProtocolError {
  return new ProtocolError("PERMISSION_DENIED", message);
}

/** One line, because clients show it as one: what was refused, every reason, and the commands that change the answer. */
export function refusalOf(question: Question, decision: DecisionRecord, server: string): string {
  const reasons = decision.reasons.map(({ reason }) => reason).join(" ");
  const commands = decision.reasons.map(({ policy, remedy }) =>
    (REMEDIES[policy] ?? (() => remedy))(question, decision.artifact),
  );
  const unique = [...new Set(commands)].filter((command) => command !== "");
  const how =
    unique.length === 0 ? "" : ` To change that: ${unique.join(" ; ")} (with ${withServer(server)}).`;
  return `${headOf(question)} ${reasons}${how}${waiting(decision)}`;
}

export function headOf({ label, name, version, environment }: Question): string {
  return `${label} stands for ${environment}, and version ${version} of ${name} may not go there.`;
}

function withServer(server: string): string {
  return `COUNTERSIGN_SERVER=${server}`;
}

function waiting({ outcome, approvers }: DecisionRecord): string {
  if (outcome !== "pending" || approvers.length === 0) return "";
  return ` Who may approve: ${approvers.slice(0, 10).join(", ")}. Then ask again.`;
}
