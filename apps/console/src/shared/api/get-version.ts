import type { VersionDetail } from "@countersign/api";
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useClient } from "./client.js";

export const useVersion = (subject: string): UseQueryResult<VersionDetail> => {
  const client = useClient();
  return useQuery({
    queryKey: [client.workspace, "version", subject],
    queryFn: ({ signal }) => client.versions.get(subject, { signal }),
  });
};
