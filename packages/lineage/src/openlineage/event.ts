/** What we read of an OpenLineage event (https://openlineage.io/spec/2-0-2/OpenLineage.json). */
export interface LineageEvent {
  type: "run" | "job" | "dataset";
  /** Milliseconds on the sender's clock: for people. Order is the log's. */
  time: number;
  state?: RunState;
  run?: { id: string; parent?: string };
  job?: { namespace: string; name: string };
  inputs: LineageDataset[];
  outputs: LineageDataset[];
}

export const RUN_STATES = ["START", "RUNNING", "COMPLETE", "ABORT", "FAIL", "OTHER"] as const;
export type RunState = (typeof RUN_STATES)[number];

export interface DatasetName {
  namespace: string;
  name: string;
}

export interface LineageDataset extends DatasetName {
  /** Of the `version` facet. */
  version?: string;
  /** Other names of the same dataset. */
  symlinks: DatasetName[];
  /** Of the `columnLineage` facet; `*` as the output stands for all columns. */
  columns: { to: string; from: (DatasetName & { field: string })[] }[];
}
