import type { LogEntries } from "@countersign/api";
import { keepPreviousData, type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useClient } from "../../../shared/api/client.js";

export const useEntries = (from: number, to: number): UseQueryResult<LogEntries> => {
  const client = useClient();
  return useQuery({
    queryKey: [client.workspace, "entries", from, to],
    queryFn: ({ signal }) => client.log.entries({ from, to }, { signal }),
    placeholderData: keepPreviousData,
    enabled: to > from,
  });
};
