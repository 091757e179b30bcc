import type { Removal } from "@countersign/datasets";
import type { Digest } from "@countersign/evidence";
import type { Version } from "./history.js";
import { sayingsOf } from "./history.js";
import type { DatasetParts } from "./parts.js";
import { stateProfile } from "./record.js";

/**
 * Takes the bytes of a version away, in an order that a crash cannot make a lie of: first the statement that they go, then
 * what was said of their content (a tombstone each), then the files that no other version has.
 */
export async function removeVersion(
  parts: DatasetParts,
  name: string,
  { artifact, manifest }: Version,
  removal: Removal,
): Promise<void> {
  const { workspace } = parts;
  await stateProfile(workspace, artifact, name, { removal });
  await eraseProfiles(parts, name, artifact);
  await parts.runner.caughtUp();
  for (const { digest } of manifest.files) {
    if (!(await isUsed(parts, digest))) await parts.files.remove(digest);
  }
}

/** A profile quotes values: with the bytes goes what was read from them. */
async function eraseProfiles({ workspace }: DatasetParts, name: string, artifact: Digest): Promise<void> {
  const { statements } = await sayingsOf(workspace, artifact, name);
  for (const { index, said } of statements) {
    if (said.profile === undefined) continue;
    await workspace.erase({ index, reason: "The data that it describes was removed." });
  }
}

/** By the tables: a file too many stays rather than one that another version needs going. */
async function isUsed({ pool, workspace }: DatasetParts, digest: Digest): Promise<boolean> {
  const answer = await pool.query(
    "select 1 from dataset_files where workspace = $1 and digest = $2 limit 1",
    [workspace.id, digest],
  );
  return answer.rows.length > 0;
}
