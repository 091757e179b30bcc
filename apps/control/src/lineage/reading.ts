import type { Judged, Trust } from "@countersign/facts";
import { referencesOf } from "@countersign/inventory";
import type { Contribution, Reference } from "@countersign/lineage";
import { edgesOf } from "@countersign/lineage";
import type { Workspace } from "@countersign/workspace";

export type Parts = Pick<Workspace, "id"> & {
  read(index: number): Promise<Judged>;
  trust(): Promise<Trust>;
};

/** A revoked statement counted until it was revoked; one that was never allowed, or is gone, adds nothing. */
export function read({ status, statement }: Judged, workspace: string): Contribution | undefined {
  if (statement === undefined || (status !== "held" && status !== "revoked")) return undefined;
  return edgesOf(statement, { workspace, referencesOf: references });
}

function references(document: object): Reference[] {
  try {
    return referencesOf(document as Parameters<typeof referencesOf>[0]);
  } catch {
    // Not a document of the inventory: nothing can be said of what it refers to.
    return [];
  }
}
