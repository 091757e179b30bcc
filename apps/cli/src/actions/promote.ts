import { CountersignError } from "@countersign/evidence";
import { atPlace } from "../place/open.js";
import { shellWord, subjectOf } from "../place/subject.js";
import type { Session } from "../session.js";
import { present } from "../terminal/output.js";
import { safe } from "../terminal/safe.js";
import { decisionExit, drawDecision } from "../views/decision.js";

interface Options {
  to?: string;
  environment?: string;
}

export async function promote(session: Session, options: Options, subject: string): Promise<number> {
  const environment = options.to ?? options.environment;
  if (environment === undefined) {
    throw new CountersignError("usage", "say where it should go", {
      detail: { remedy: `countersign promote ${shellWord(subject)} --to staging` },
    });
  }
  const result = await atPlace(session, false, async (place) =>
    place.promote(await subjectOf(session, place, subject), environment),
  );
  const { decision, promotion } = result;
  present(session.output, result, () => {
    drawDecision(session, decision);
    if (promotion)
      session.output.line(safe`  promoted  to ${promotion.environment} (entry ${promotion.index})`);
  });
  return decisionExit(decision);
}
