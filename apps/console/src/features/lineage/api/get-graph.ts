import type { Graph, GraphQuery } from "@countersign/api";
import { keepPreviousData, type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useClient } from "../../../shared/api/client.js";

/** More than this is cut off by the server, which says so. */
const LIMIT = 5_000;

export const useGraph = (query: GraphQuery): UseQueryResult<Graph> => {
  const client = useClient();
  return useQuery({
    queryKey: [client.workspace, "graph", query],
    queryFn: ({ signal }) => client.graph({ limit: LIMIT, ...query }, { signal }),
    placeholderData: keepPreviousData,
    // The graph grows with every entry; drawing it again each time would pull it from under the reader.
    staleTime: 30_000,
  });
};
