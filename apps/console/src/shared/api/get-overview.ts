import type { Overview } from "@countersign/api";
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useClient } from "./client.js";

export const useOverview = (): UseQueryResult<Overview> => {
  const client = useClient();
  return useQuery({
    queryKey: [client.workspace, "overview"],
    queryFn: ({ signal }) => client.overview({ signal }),
    refetchInterval: 20_000,
  });
};
