import { randomUUID } from "node:crypto";
import { type DatasetPredicate, largest, type Place, type Profile } from "@countersign/datasets";
import { type Digest, makeStatement } from "@countersign/evidence";
import { assetName, PREDICATE_TYPES } from "@countersign/facts";
import type { Workspace } from "@countersign/workspace";

/** States something about a version of a dataset: `rows` and `columns` are those of its largest table. */
export async function stateProfile(
  workspace: Workspace,
  artifact: Digest,
  dataset: string,
  said: Omit<DatasetPredicate, "rows" | "columns" | "dataset" | "nonce">,
): Promise<void> {
  const about = said.profile === undefined ? { rows: 0, columns: [] } : largest(said.profile);
  const predicate: DatasetPredicate = { ...about, ...said, dataset, nonce: randomUUID() };
  const subject = { name: assetName("Dataset", dataset), digest: { sha256: artifact.slice(7) } };
  await workspace.state([makeStatement([subject], PREDICATE_TYPES.profile, predicate)]);
}

export interface Described {
  /** Absent: what it was read from had to go. */
  profile?: Profile;
  place: Place;
  mlflowDigests: string[];
  derivedFrom?: Digest;
}

/** Schema, statistics and whereabouts of a version that was just admitted. */
export function describeVersion(
  workspace: Workspace,
  artifact: Digest,
  dataset: string,
  { profile, place, mlflowDigests, derivedFrom }: Described,
): Promise<void> {
  return stateProfile(workspace, artifact, dataset, {
    ...(profile === undefined ? {} : { profile }),
    place,
    ...(mlflowDigests.length === 0 ? {} : { mlflowDigests }),
    ...(derivedFrom === undefined ? {} : { derivedFrom }),
  });
}
