import { CountersignError } from "@countersign/evidence";
import { atPlace } from "../place/open.js";
import { shellWord, subjectOf } from "../place/subject.js";
import type { Session } from "../session.js";
import { present } from "../terminal/output.js";
import { drawEntry } from "../views/entry.js";
import { type DeclareOptions, declaredBy } from "./declared.js";

export async function declare(session: Session, options: DeclareOptions, subject: string): Promise<number> {
  const said = declaredBy(options);
  if (Object.keys(said).length === 0) {
    throw new CountersignError("usage", "there is nothing to declare", {
      detail: { remedy: `countersign declare ${shellWord(subject)} --licence SPDX --origin WHERE` },
    });
  }
  const entry = await atPlace(session, false, async (place) =>
    place.declare({ ...said, subject: await subjectOf(session, place, subject) }),
  );
  present(session.output, entry, () => drawEntry(session, entry, `declared for ${subject}`));
  return entry.status === "held" ? 0 : 1;
}
