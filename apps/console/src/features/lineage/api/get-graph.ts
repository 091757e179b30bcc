import type { Graph, GraphQuery } from "@countersign/api";
import { keepPreviousData, type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useClient } from "../../../shared/api/client.js";

/** More than this is cut off by the server, which says so. Without a focus a look at the newest is enough. */
const LIMIT = 5_000;
const NEWEST = 500;
const DEPTH = 24;

export const useGraph = (query: GraphQuery): UseQueryResult<Graph> => {
  const client = useClient();
  return useQuery({
    // Not under the workspace's own key: a new entry would draw the picture again under the reader's eyes.
    queryKey: ["lineage", client.workspace, query],
    queryFn: ({ signal }) =>
      client.graph(
        query.focus === undefined ? { limit: NEWEST, ...query } : { limit: LIMIT, depth: DEPTH, ...query },
        { signal },
      ),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
};
