import type { Deployment } from "@countersign/api";
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useClient } from "../../../shared/api/client.js";

const SHOWN = 200;

/** Where versions of a model run now, as far as it was reported. */
export const useRunning = (model: string, enabled: boolean): UseQueryResult<Deployment[]> => {
  const client = useClient();
  return useQuery({
    queryKey: [client.workspace, "running", model],
    queryFn: async ({ signal }) => {
      const { items } = await client.deployments.list({ state: "running", limit: SHOWN }, { signal });
      return items.filter((deployment) => deployment.model === model);
    },
    enabled,
  });
};
