import type { GraphNode } from "@countersign/api";
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useClient } from "../../../shared/api/client.js";
import { makersOf } from "../relations.js";

/** The runs that made a version, as the lineage knows them; none is asked for where there is no version. */
export const useMakers = (artifact: string | undefined): UseQueryResult<GraphNode[]> => {
  const client = useClient();
  return useQuery({
    queryKey: [client.workspace, "makers", artifact],
    queryFn: async ({ signal }) =>
      makersOf(
        await client.graph({ focus: artifact ?? "", direction: "up", depth: 1 }, { signal }),
        artifact,
      ),
    enabled: artifact !== undefined,
  });
};
