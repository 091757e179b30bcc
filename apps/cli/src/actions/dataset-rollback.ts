import type { DatasetRollbackResult } from "@countersign/api";
import { CountersignError, isDigest } from "@countersign/evidence";
import { clientOf } from "../place/server.js";
import { shellWord } from "../place/subject.js";
import type { Session } from "../session.js";
import { present } from "../terminal/output.js";
import { counted } from "../terminal/progress.js";
import { safe } from "../terminal/safe.js";
import { bold, green } from "../terminal/style.js";

export async function datasetRollback(
  session: Session,
  options: { to: string },
  name: string,
): Promise<number> {
  const { to } = options;
  if (!isDigest(to)) {
    throw new CountersignError("usage", `${to} is no digest of a version`, {
      detail: { remedy: `countersign dataset show ${shellWord(name)}` },
    });
  }
  const result = await clientOf(session).datasets.rollback(name, { to }, { signal: session.io.signal });
  present(session.output, result, () => draw(session, name, result));
  return 0;
}

function draw(
  { output }: Session,
  name: string,
  { version, replaced, ...users }: DatasetRollbackResult,
): void {
  if (replaced === null) {
    output.line(safe`${green("ok")}  ${bold(name)} is at that version already`);
    return;
  }
  output.line(safe`${green("ok")}  ${bold(name)} is at ${version.artifact} again`);
  output.line(safe`  instead of ${replaced}, which was used by`);
  output.line(safe`  ${counted(users.runs.length, "run")}${list(users.runs)}`);
  output.line(
    safe`  ${counted(users.models.length, "model version")}${list(users.models.map(({ name: model }) => model))}`,
  );
  output.line(safe`  ${counted(users.deployments.length, "deployment")}${list(users.deployments)}`);
  output.line(safe`  ${bold("see:")} countersign trace ${replaced} --down`);
}

const SHOWN = 8;

function list(names: string[]): string {
  if (names.length === 0) return "";
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : "";
  return `: ${names.slice(0, SHOWN).join(", ")}${more}`;
}
