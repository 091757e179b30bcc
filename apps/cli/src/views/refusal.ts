import type { Refusal } from "@countersign/evidence";
import { shellWord } from "../place/subject.js";
import type { Session } from "../session.js";
import { present } from "../terminal/output.js";
import { safe } from "../terminal/safe.js";
import { bold, red } from "../terminal/style.js";

/** A signature that does not hold is an answer, not a fault. */
export function refused(session: Session, refusal: Refusal, given: string): number {
  const { ok, code, reason } = refusal;
  present(session.output, { ok, code, reason }, () => {
    session.output.line(safe`${red("no")}  ${reason} (${code})`);
    session.output.line(
      safe`  ${bold("fix:")} get the model and its signature again from its author, then: countersign verify ${shellWord(given)} ...`,
    );
  });
  return 1;
}
