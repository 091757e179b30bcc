import type { ApplyAnswer, ApplyBody, ApplyResult, AssetKind } from "@countersign/api";
import { type UseMutationResult, useMutation, useQueryClient } from "@tanstack/react-query";
import { useClient } from "../../../shared/api/client.js";

/** Says what would change, or changes it. */
export const useApply = (): UseMutationResult<ApplyAnswer, Error, ApplyBody> => {
  const client = useClient();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body) => client.assets.apply(body),
    onSuccess: async (_, { dryRun }) => {
      if (dryRun !== true) await queries.invalidateQueries({ queryKey: [client.workspace] });
    },
  });
};

interface Named {
  kind: AssetKind;
  name: string;
}

export const useRemove = (): UseMutationResult<ApplyResult, Error, Named> => {
  const client = useClient();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ kind, name }) => client.assets.remove(kind, name),
    onSuccess: () => queries.invalidateQueries({ queryKey: [client.workspace] }),
  });
};
