import { createClient } from "@countersign/api";
import { type UseMutationResult, useMutation, useQueryClient } from "@tanstack/react-query";

export const useCloseSession = (): UseMutationResult<void, Error, void> => {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => createClient().session.end(),
    onSuccess: () => {
      queries.setQueryData(["session"], null);
      queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "session" });
    },
  });
};
