import type { PromoteResult } from "@countersign/api";
import { type UseMutationResult, useMutation, useQueryClient } from "@tanstack/react-query";
import { useClient } from "../../../shared/api/client.js";

/** Asks for a promotion; it is enacted only when policy allows it. */
export const usePromote = (subject: string): UseMutationResult<PromoteResult, Error, string> => {
  const client = useClient();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (environment) => client.promotions.create({ subject, environment }),
    onSettled: () => queries.invalidateQueries({ queryKey: [client.workspace] }),
  });
};
