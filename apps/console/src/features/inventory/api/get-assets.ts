import type { AssetFilter, AssetSummary } from "@countersign/api";
import { useClient } from "../../../shared/api/client.js";
import { type Keyset, PAGE_SIZE, useKeyset } from "../../../shared/api/keyset.js";

export const useAssets = (filter: AssetFilter): Keyset<AssetSummary> => {
  const client = useClient();
  return useKeyset<AssetSummary>({
    key: [client.workspace, "assets", filter],
    fetch: (cursor, signal) =>
      client.assets.list({ ...filter, limit: PAGE_SIZE, ...(cursor === "" ? {} : { cursor }) }, { signal }),
  });
};
