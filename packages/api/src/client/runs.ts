import type { Transport } from "../transport.js";

/** Experiments and runs, for the console. */
export type RunClient = Record<never, never>;

export function runCalls(_http: Transport): RunClient {
  return {};
}
