import type { Concentration } from "@countersign/api";
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useClient } from "./client.js";

export const useConcentration = (enabled = true): UseQueryResult<Concentration> => {
  const client = useClient();
  return useQuery({
    queryKey: [client.workspace, "concentration"],
    queryFn: ({ signal }) => client.concentration({ signal }),
    enabled,
    staleTime: 30_000,
  });
};
