import type { Transport } from "../transport.js";

/** Graph, traces, containment, deployments and lineage events. */
export type LineageClient = Record<never, never>;

export function lineageCalls(_http: Transport): LineageClient {
  return {};
}
