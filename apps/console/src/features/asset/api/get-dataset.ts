import type { DatasetDetail, DatasetVersionDetail } from "@countersign/api";
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useClient } from "../../../shared/api/client.js";

export const useDataset = (name: string): UseQueryResult<DatasetDetail> => {
  const client = useClient();
  return useQuery({
    queryKey: [client.workspace, "dataset", name],
    queryFn: ({ signal }) => client.datasets.get(name, { signal }),
  });
};

export const useDatasetVersion = (name: string, digest: string): UseQueryResult<DatasetVersionDetail> => {
  const client = useClient();
  return useQuery({
    queryKey: [client.workspace, "dataset", name, digest],
    queryFn: ({ signal }) => client.datasets.version(name, digest, { signal }),
  });
};
