import type { DecisionRecord } from "@countersign/api";
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useClient } from "../../../shared/api/client.js";

export const useDecision = (id: string): UseQueryResult<DecisionRecord> => {
  const client = useClient();
  return useQuery({
    queryKey: [client.workspace, "decision", id],
    queryFn: ({ signal }) => client.decisions.get(id, { signal }),
  });
};
