import type { DatasetColumn, DatasetProfile } from "@countersign/api";
import type { Session } from "../session.js";
import { counted } from "../terminal/progress.js";
import { type Printable, safe } from "../terminal/safe.js";
import { bold, yellow } from "../terminal/style.js";
import { writeTable } from "../terminal/table.js";

const MAX_COLUMNS = 60;

/** Schema and statistics for a person: one line for each column. */
export function drawProfile({ io, output }: Session, profile: DatasetProfile): void {
  for (const table of profile.tables) {
    const size = safe`${counted(table.rows, "row")}, ${counted(table.columns.length, "column")}, ${counted(table.files, "file")}`;
    output.line(safe`\n${bold(table.name)}  ${table.format}, ${size}`);
    const shown = table.columns.slice(0, MAX_COLUMNS);
    if (shown.length > 0)
      writeTable(io, ["column", "type", "nulls", "distinct", "values"], shown.map(columnRow));
    if (table.columns.length > shown.length) {
      output.line(safe`  and ${table.columns.length - shown.length} more: --output json has them all`);
    }
    for (const problem of table.problems) output.line(safe`  ${yellow("note:")} ${problem}`);
  }
  if (profile.others > 0) output.line(safe`\n${counted(profile.others, "file")} without rows and columns`);
  for (const problem of profile.problems) output.line(safe`${yellow("note:")} ${problem}`);
}

function columnRow(column: DatasetColumn): Printable[] {
  const { name, type, nulls, distinct } = column;
  return [name, type, nulls, distinct === undefined ? "" : `~${distinct}`, valuesOf(column)];
}

function valuesOf({ personal, min, max, mean, top }: DatasetColumn): string {
  if (personal === true) return "not quoted: may be about a person";
  if (top !== undefined)
    return top
      .slice(0, 4)
      .map(({ value, count }) => `${value} (${count})`)
      .join(", ");
  if (min === undefined || max === undefined) return "";
  return mean === undefined ? `${min} to ${max}` : `${min} to ${max}, mean ${Number(mean.toPrecision(6))}`;
}
