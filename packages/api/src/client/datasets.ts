import type { Transport } from "../transport.js";

/** Datasets, their versions, profiles and deletions. */
export type DatasetClient = Record<never, never>;

export function datasetCalls(_http: Transport): DatasetClient {
  return {};
}
