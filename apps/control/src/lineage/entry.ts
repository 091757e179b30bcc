import type { EntryView } from "@countersign/api";
import type { Judged } from "@countersign/facts";

export function entryView({ entry, status, reason, principal, by }: Judged): EntryView {
  const { index, at, predicate, outcome, envelope, signer, raw } = entry;
  const leaf = Buffer.from(raw).toString("base64");
  const view = { index, at, predicate, outcome, envelope, signer, principal, status, reason, leaf };
  return by === undefined ? view : { ...view, by };
}
