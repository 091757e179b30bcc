import type { LogEntryDetail } from "@countersign/api";
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useClient } from "../../../shared/api/client.js";

export const useEntry = (index: number): UseQueryResult<LogEntryDetail> => {
  const client = useClient();
  return useQuery({
    queryKey: [client.workspace, "entry", index],
    queryFn: ({ signal }) => client.log.entry(index, {}, { signal }),
  });
};
