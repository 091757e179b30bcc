import type { LogEntryDetail } from "@countersign/api";
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useClient } from "../../../shared/api/client.js";

/** Fetched when somebody opens it: most are never read. */
export const useAttestation = (index: number, enabled: boolean): UseQueryResult<LogEntryDetail> => {
  const client = useClient();
  return useQuery({
    queryKey: [client.workspace, "entry", index],
    queryFn: ({ signal }) => client.log.entry(index, {}, { signal }),
    enabled,
  });
};
