import { CountersignError } from "@countersign/evidence";
import { atPlace } from "../place/open.js";
import { subjectOf } from "../place/subject.js";
import type { Session } from "../session.js";
import { present } from "../terminal/output.js";
import { drawEntry } from "../views/entry.js";

interface Options {
  licence?: string;
  origin?: string;
  tag?: Record<string, string>;
}

export async function declare(
  session: Session,
  { licence, origin, tag }: Options,
  subject: string,
): Promise<number> {
  const said = {
    ...(licence === undefined ? {} : { licence }),
    ...(origin === undefined ? {} : { origin }),
    ...(tag === undefined ? {} : { tags: tag }),
  };
  if (Object.keys(said).length === 0) {
    throw new CountersignError("usage", "there is nothing to declare", {
      detail: { remedy: `countersign declare ${subject} --licence SPDX --origin WHERE` },
    });
  }
  const entry = await atPlace(session, false, async (place) =>
    place.declare({ ...said, subject: await subjectOf(session, place, subject) }),
  );
  present(session.output, entry, () => drawEntry(session, entry, `declared for ${subject}`));
  return entry.status === "held" ? 0 : 1;
}
