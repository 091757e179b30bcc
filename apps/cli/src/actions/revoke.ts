import { parseDigest } from "@countersign/evidence";
import { atPlace } from "../place/open.js";
import type { Session } from "../session.js";
import { present } from "../terminal/output.js";
import { drawEntry } from "../views/entry.js";

interface Options {
  reason: string;
  key?: string;
  passphraseFile?: string;
}

export async function revoke(session: Session, options: Options, envelope: string): Promise<number> {
  const digest = parseDigest(envelope);
  const entry = await atPlace(session, false, async (place) => {
    const signer = await place.signer(options.key, "approver", options.passphraseFile);
    return place.revoke(digest, options.reason, signer);
  });
  present(session.output, entry, () => drawEntry(session, entry, `revoked ${digest}`));
  return entry.status === "held" ? 0 : 1;
}
