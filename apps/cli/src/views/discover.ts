import type { Compared } from "@countersign/discovery";
import type { Discovered } from "../actions/discover.js";
import type { Session } from "../session.js";
import { counted } from "../terminal/progress.js";
import { type Safe, safe } from "../terminal/safe.js";
import { bold, dim, green, yellow } from "../terminal/style.js";
import { writeTable } from "../terminal/table.js";

const MOST_NOTES = 10;

/** Findings for a person: what is shadow first, each with where it was seen. */
export function drawDiscovered(
  session: Session,
  { findings, missing, notes, files, counts }: Discovered,
): void {
  const { output, io } = session;
  const sorted = [...findings].sort((a, b) => order(a) - order(b));
  const rows = sorted.map((finding) => [
    mark(finding),
    finding.kind,
    finding.name,
    finding.provider,
    seen(finding),
  ]);
  const lost = missing.map(({ kind, name }) => [yellow("missing"), kind, name, "", "declared, not found"]);
  if (rows.length + lost.length > 0)
    writeTable(io, ["status", "kind", "name", "provider", "seen"], [...rows, ...lost]);
  for (const { file, reason } of notes.slice(0, MOST_NOTES))
    output.note(safe`${dim("note:")} ${file} ${reason}`);
  if (notes.length > MOST_NOTES)
    output.note(safe`${dim("note:")} ${notes.length - MOST_NOTES} more; --output json has them all`);
  if (rows.length + lost.length > 0) output.line(safe``);
  output.line(
    safe`${counted(files, "file")} read: ${counts.declared} declared, ${counts.shadow} shadow, ${counts.missing} missing`,
  );
  if (counts.shadow > 0)
    output.line(
      safe`  ${bold("fix:")} declare what may stay (countersign apply -f FILE), and stop using the rest`,
    );
  if (counts.missing > 0)
    output.line(
      safe`  ${bold("fix:")} look in more places, or retire what is gone (spec.lifecycle: retired)`,
    );
}

const order = ({ status }: Compared): number => (status === "shadow" ? 0 : 1);

const mark = ({ status }: Compared): Safe => (status === "shadow" ? yellow("shadow") : green("declared"));

function seen({ evidence }: Compared): string {
  const [first] = evidence;
  if (!first) return "";
  const where = first.line === undefined ? first.file : `${first.file}:${first.line}`;
  return evidence.length === 1 ? where : `${where} and ${evidence.length - 1} more`;
}
