import type { AssetDetail, AssetKind } from "@countersign/api";
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useClient } from "./client.js";

export const useAsset = (kind: AssetKind, name: string, enabled = true): UseQueryResult<AssetDetail> => {
  const client = useClient();
  return useQuery({
    queryKey: [client.workspace, "asset", kind, name],
    queryFn: ({ signal }) => client.assets.get(kind, name, { signal }),
    enabled,
  });
};
