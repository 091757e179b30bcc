import type { DecisionRecord } from "@countersign/api";
import { atPlace } from "../place/open.js";
import { subjectOf } from "../place/subject.js";
import type { Session } from "../session.js";
import { present } from "../terminal/output.js";
import { decisionExit, drawDecision } from "../views/decision.js";

interface Options {
  gate: DecisionRecord["gate"];
  environment: string;
}

export async function gate(session: Session, options: Options, subject: string): Promise<number> {
  const { gate, environment } = options;
  const decision = await atPlace(session, false, async (place) =>
    place.gate({ gate, environment, subject: await subjectOf(session, place, subject) }),
  );
  present(session.output, decision, () => drawDecision(session, decision));
  return decisionExit(decision);
}
