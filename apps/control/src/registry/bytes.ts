import { byCodePoint, type Digest, type Manifest, manifestDigest } from "@countersign/evidence";
import type { StoredArtifact } from "../mlflow/artifacts/store.js";

/** The artifact that files make. The attacker edits the table that says which file stands where: so it is asked each time. */
export function artifactOf(files: readonly StoredArtifact[]): Digest {
  return manifestDigest(manifestOf(files));
}

function manifestOf(files: readonly StoredArtifact[]): Manifest {
  const listed = files.map(({ path, digest, size }) => ({ name: path, digest, size }));
  return { files: listed.sort((a, b) => byCodePoint(a.name, b.name)) };
}
