import type { Document } from "@countersign/inventory";

/** One batch of what an importer found; the batches of one source together are the whole of it. */
export interface Imported {
  documents: Document[];
  /** OpenLineage run events: what a run read and what it made. */
  lineage: object[];
  /** What a person should know: skipped entries, names that had to change, bytes that are not there. */
  notes: string[];
  /** Bytes at hand that can be admitted. */
  artifacts: Artifact[];
  /** Where to go on when the next batch fails; absent after the last one. */
  cursor?: string;
}

/** Bytes on this machine under the name of the asset that they are a version of. */
export interface Artifact {
  kind: "Model" | "Dataset";
  name: string;
  path: string;
  /** Where links below `path` lead, when there are any: a manifest takes none, so the files are brought together first. */
  linked?: { name: string; target: string }[];
  licence?: string;
  origin?: string;
}

/** What importers of remote sources are given: they reach nothing by themselves. */
export interface Remote {
  fetch: typeof fetch;
  /** Whose assets the lineage events speak of. */
  workspace: string;
  clock: () => number;
  /** Waits, and gives up when the signal aborts. */
  sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  signal?: AbortSignal;
  /** Told before a wait that the source asked for, for people who watch. */
  onWait?: (why: string, milliseconds: number) => void;
}

export function batch(found: Partial<Imported>): Imported {
  return { documents: [], lineage: [], notes: [], artifacts: [], ...found };
}
