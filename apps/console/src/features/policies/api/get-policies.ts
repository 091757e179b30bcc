import type { PolicyView } from "@countersign/api";
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useClient } from "../../../shared/api/client.js";

export const usePolicies = (): UseQueryResult<PolicyView> => {
  const client = useClient();
  return useQuery({
    queryKey: [client.workspace, "policies"],
    queryFn: ({ signal }) => client.policies({ signal }),
  });
};
