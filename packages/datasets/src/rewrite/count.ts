import { formatOf } from "../profile/formats.js";
import type { Profile } from "../profile/types.js";
import type { Rewritten } from "./rewrite.js";

const isDelimited = (format: string | undefined): boolean => format === "csv" || format === "tsv";

/**
 * How the rows of CSV and TSV files that a search saw differ from those that another reader counted when the files were
 * admitted: where the two cut the text differently, the search proves nothing. Undefined where they agree.
 */
export function differenceOf(
  profile: Profile,
  found: readonly Rewritten[],
  column: string,
): string | undefined {
  // Not all was profiled, or nothing: there is no count to compare with.
  if (profile.problems.length > 0) return undefined;
  let told = 0;
  for (const { format, rows, files, columns } of profile.tables) {
    // Where the reader made up the names of the columns, it took each header for a row.
    const headers = columns.every(({ name }) => /^column\d+$/.test(name) && name !== column) ? files : 0;
    if (isDelimited(format)) told += Math.max(0, rows - headers);
  }
  const delimited = found.filter(({ name }) => isDelimited(formatOf(name)?.format));
  const seen = delimited.reduce((sum, { rows }) => sum + rows, 0);
  if (seen === told) return undefined;
  return `the search saw ${seen} rows where ${told} were counted at admission, so it cannot be searched`;
}
