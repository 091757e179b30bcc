import { CountersignError } from "@countersign/evidence";
import {
  RULES,
  RULES_VERSION,
  type Rule,
  type RuleId,
  referenceUrl,
  rulePageUrl,
} from "@countersign/scanner";
import type { Session } from "../session.js";
import { present } from "../terminal/output.js";
import { safe } from "../terminal/safe.js";
import { bold, dim } from "../terminal/style.js";
import { writeTable } from "../terminal/table.js";
import { wrapped } from "../terminal/wrap.js";
import { severityOf } from "../views/severity.js";

const OUTCOMES: Record<Rule["outcome"], string> = {
  malicious: "makes the file malicious",
  suspicious: "makes the file suspicious",
  incomplete: "makes the scan of the file incomplete",
  note: "is a note; the verdict stays",
};

/** Lists the scanner's rules, or explains one. */
export async function rules(session: Session, _options: object, id?: string): Promise<number> {
  if (id === undefined) list(session);
  else explain(session, known(id));
  return 0;
}

const ids = (): RuleId[] => (Object.keys(RULES) as RuleId[]).sort();

function known(id: string): RuleId {
  const found = ids().find((one) => one === id.toLowerCase());
  if (found !== undefined) return found;
  const near = ids().filter((one) => one.includes(id.toLowerCase()) || id.toLowerCase().includes(one));
  const hint = near.length > 0 ? ` Did you mean ${near.slice(0, 3).join(", ")}?` : "";
  throw new CountersignError("not-found", `There is no rule ${JSON.stringify(id)}.${hint}`, {
    detail: { remedy: "countersign rules   (lists them)" },
  });
}

function list(session: Session): void {
  const document = { version: RULES_VERSION, rules: ids().map((id) => ({ id, ...RULES[id] })) };
  present(session.output, document, () => {
    const rows = ids().map((id) => {
      const { severity, outcome, title } = RULES[id];
      return [id, severityOf(severity), outcome, title];
    });
    writeTable(session.io, ["rule", "severity", "outcome", "what it says"], rows);
  });
}

function explain(session: Session, id: RuleId): void {
  const rule = RULES[id];
  present(session.output, { id, ...rule, page: rulePageUrl(id) }, () => {
    const { output, io } = session;
    output.line(safe`${bold(rule.title)}`);
    output.line(
      safe`${dim(`${id}, severity`)} ${severityOf(rule.severity)}${dim(`; it ${OUTCOMES[rule.outcome]}`)}`,
    );
    const parts = { "If the file is loaded": rule.consequence, "What to do": rule.remedy };
    for (const [title, text] of Object.entries(parts)) {
      output.line(safe`\n${bold(title)}`);
      for (const line of wrapped(io, text, "  ")) output.line(safe`  ${line}`);
    }
    output.line(safe`\n${bold("Read more")}`);
    for (const reference of rule.references)
      output.line(safe`  ${reference}  ${dim(referenceUrl(reference) ?? "")}`);
    output.line(safe`  ${rulePageUrl(id)}`);
  });
}
