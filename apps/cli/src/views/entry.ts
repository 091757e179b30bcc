import type { EntryView } from "@countersign/api";
import type { Session } from "../session.js";
import { safe } from "../terminal/safe.js";
import { dim, verdict } from "../terminal/style.js";

/** A statement that has just been recorded, and whether it counts. */
export function drawEntry(session: Session, entry: EntryView, says: string): void {
  const { output } = session;
  output.line(safe`${verdict(entry.status)}  ${says} ${dim(`(entry ${entry.index})`)}`);
  output.line(safe`  envelope  ${entry.envelope}`);
  if (entry.status !== "held") output.line(safe`  because   ${entry.reason}`);
}
