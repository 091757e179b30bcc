import type { ImportResult } from "../actions/import.js";
import type { Session } from "../session.js";
import { counted } from "../terminal/progress.js";
import { type Printable, safe } from "../terminal/safe.js";
import { bold, green, verdict, yellow } from "../terminal/style.js";
import { writeTable } from "../terminal/table.js";

const NOTES_SHOWN = 20;

export function drawImport(session: Session, result: ImportResult): void {
  const { output, io } = session;
  const changed = result.documents.filter(({ action }) => action !== "unchanged");
  if (changed.length > 0) {
    const rows = changed.map(({ kind, name, action }): Printable[] => [
      kind,
      name,
      action === "created" ? green(action) : action,
    ]);
    writeTable(io, ["kind", "name", result.applied ? "done" : "would be"], rows);
    output.line(safe``);
  }
  if (result.admitted.length > 0) {
    const rows = result.admitted.map(({ name, outcome, artifact, reason }): Printable[] => [
      name,
      verdict(outcome),
      artifact ?? reason ?? "",
    ]);
    writeTable(io, ["admitted", "decision", "artifact"], rows);
    output.line(safe``);
  }
  output.line(safe`${bold(result.source)}  ${summary(result)}`);
  for (const note of result.notes.slice(0, NOTES_SHOWN)) output.warn(safe`  ${yellow("note:")} ${note}`);
  const more = result.notes.length - NOTES_SHOWN;
  if (more > 0) output.warn(safe`  ${yellow("note:")} and ${more} more (--output json lists all)`);
}

function summary({ documents, lineage, applied }: ImportResult): string {
  const counts = new Map<string, number>();
  for (const { action } of documents) counts.set(action, (counts.get(action) ?? 0) + 1);
  const told = [...counts].map(([action, count]) => `${count} ${action}`).join(", ") || "nothing";
  const events = counted(lineage.found, "lineage event");
  const news = applied && lineage.found > 0 ? ` (${lineage.recorded} new)` : "";
  return `${told}; ${events}${news}${applied ? "" : "; nothing was changed"}`;
}
