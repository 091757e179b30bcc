import type { SavedFilterBody } from "@countersign/api";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useClient } from "../../../shared/api/client.js";

/** The caller's own saved filters. */
export const useFilters = () => {
  const client = useClient();
  return useQuery({
    queryKey: [client.workspace, "filters"],
    queryFn: ({ signal }) => client.filters.list({ signal }),
  });
};

const useRefresh = () => {
  const client = useClient();
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: [client.workspace, "filters"] });
};

export const useSaveFilter = () => {
  const client = useClient();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (body: SavedFilterBody) => client.filters.save(body),
    onSuccess: refresh,
  });
};

export const useRemoveFilter = () => {
  const client = useClient();
  const refresh = useRefresh();
  return useMutation({ mutationFn: (id: string) => client.filters.remove(id), onSuccess: refresh });
};
