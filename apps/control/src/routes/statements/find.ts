import { CountersignError, type Digest } from "@countersign/evidence";
import { decodeLeaf } from "@countersign/facts";
import type { EntryView, Workspace } from "@countersign/workspace";

const PAGE = 4_096;

/** The newest entry that names the envelope. Reads the log itself, backwards: what is withdrawn is mostly recent. */
export async function findEnvelope(workspace: Workspace, envelope: Digest): Promise<number> {
  for (let to = workspace.size; to > 0; to -= PAGE) {
    let found: number | undefined;
    for await (const { index, leaf } of workspace.log.entries(Math.max(0, to - PAGE), to)) {
      const { workspace: id, envelope: named } = decodeLeaf(leaf);
      if (named === envelope && id === workspace.id) found = index;
    }
    if (found !== undefined) return found;
  }
  throw new CountersignError("not-found", `no entry names ${envelope}`);
}

const TRIED = 500;

/** Records a bundle for the newest version that has exactly the files that it signs. */
export async function submitToNewest(workspace: Workspace, bundle: Uint8Array): Promise<EntryView> {
  const artifacts = new Set((await workspace.versions(TRIED)).map(({ artifact }) => artifact));
  for (const artifact of artifacts) {
    try {
      return await workspace.submitSignature(bundle, artifact);
    } catch (error) {
      if (!(error instanceof CountersignError) || error.code !== "model-mismatch") throw error;
    }
  }
  throw new CountersignError("model-mismatch", "no version on record has the files that this bundle signs");
}
