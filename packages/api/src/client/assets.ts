import type { Transport } from "../transport.js";

/** The inventory as code. */
export type AssetClient = Record<never, never>;

export function assetCalls(_http: Transport): AssetClient {
  return {};
}
