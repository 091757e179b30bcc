import type { Job } from "@countersign/api";
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useClient } from "../../../shared/api/client.js";

const LOOK_EVERY_MS = 1_000;

/** Admissions that are under way, whoever started them; looked at often only while there are any. */
export const useRunningJobs = (): UseQueryResult<Job[]> => {
  const client = useClient();
  return useQuery({
    queryKey: [client.workspace, "jobs", "running"],
    queryFn: async ({ signal }) => {
      const { items } = await client.jobs.list({ state: "running", limit: 20 }, { signal });
      return items.filter(({ kind }) => kind === "admit");
    },
    refetchInterval: ({ state }) => ((state.data?.length ?? 0) > 0 ? LOOK_EVERY_MS : false),
  });
};
