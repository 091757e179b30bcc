import type { DecisionRecord } from "@countersign/api";
import { atPlace } from "../place/open.js";
import { subjectOf } from "../place/subject.js";
import type { Session } from "../session.js";
import { present } from "../terminal/output.js";
import { drawEntry } from "../views/entry.js";

interface Options {
  environment: string;
  gate: DecisionRecord["gate"];
  key?: string;
  passphraseFile?: string;
}

export async function approve(session: Session, options: Options, subject: string): Promise<number> {
  const { environment, gate } = options;
  const entry = await atPlace(session, false, async (place) => {
    const signer = await place.signer(options.key, "approver", options.passphraseFile);
    return place.approve({ subject: await subjectOf(session, place, subject), environment, gate }, signer);
  });
  present(session.output, entry, () =>
    drawEntry(session, entry, `approved: ${gate} of ${subject} in ${environment}, by ${entry.principal}`),
  );
  return entry.status === "held" ? 0 : 1;
}
