import type { Removal } from "@countersign/datasets";
import type { Digest } from "@countersign/evidence";
import { type Sayings, sayingsOf, type Version } from "./history.js";
import type { DatasetParts } from "./parts.js";
import { stateProfile } from "./record.js";

/**
 * Takes the bytes of a version away, in an order that a crash cannot make a lie of: first the statement that they go, then
 * what was said of their content (a tombstone each), then the files that no other version has. Begun again, it says nothing
 * twice.
 */
export async function removeVersion(
  parts: DatasetParts,
  name: string,
  version: Version,
  removal: Removal,
): Promise<void> {
  const { statements } = await sayingsOf(parts.workspace, version.artifact, name);
  const isSaid = statements.some(
    ({ index, said }) =>
      index > version.index &&
      said.removal?.reason === removal.reason &&
      said.removal.reference === removal.reference,
  );
  if (!isSaid) await stateProfile(parts.workspace, version.artifact, name, { removal });
  await finishRemoval(parts, name, version);
}

/** Whether a version whose removal is on record still has bytes that nobody else has, or a profile. */
export async function isUnfinished(
  parts: DatasetParts,
  { manifest }: Version,
  { statements }: Sayings,
): Promise<boolean> {
  if (statements.some(({ said }) => said.profile !== undefined)) return true;
  await parts.runner.caughtUp();
  for (const { digest } of manifest.files) {
    if ((await parts.files.has(digest)) && !(await isUsed(parts, digest))) return true;
  }
  return false;
}

export async function finishRemoval(
  parts: DatasetParts,
  name: string,
  { artifact, manifest }: Version,
): Promise<void> {
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

/**
 * By the tables: a file too many stays rather than one that another version needs going. A version that was removed needs
 * none, also where it was admitted again since.
 */
async function isUsed({ pool, workspace }: DatasetParts, digest: Digest): Promise<boolean> {
  const answer = await pool.query<{ artifact: Digest; name: string }>(
    "select artifact, name from dataset_files where workspace = $1 and digest = $2",
    [workspace.id, digest],
  );
  for (const { artifact, name } of answer.rows) {
    if ((await sayingsOf(workspace, artifact, name)).removed === undefined) return true;
  }
  return false;
}
