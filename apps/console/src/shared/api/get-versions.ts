import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useClient } from "./client.js";

export const useVersions = (query: string, limit = 50) => {
  const client = useClient();
  return useInfiniteQuery({
    queryKey: [client.workspace, "versions", query, limit],
    queryFn: ({ signal, pageParam }) =>
      client.versions.list(
        {
          limit,
          ...(pageParam === "" ? {} : { cursor: pageParam }),
          ...(query === "" ? {} : { query }),
        },
        { signal },
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });
};
