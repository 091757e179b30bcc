import { useInfiniteQuery } from "@tanstack/react-query";
import { useClient } from "../../../shared/api/client.js";

export const useDecisions = () => {
  const client = useClient();
  return useInfiniteQuery({
    queryKey: [client.workspace, "decisions"],
    queryFn: ({ signal, pageParam }) =>
      client.decisions.list({ limit: 50, ...(pageParam === "" ? {} : { cursor: pageParam }) }, { signal }),
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
};
