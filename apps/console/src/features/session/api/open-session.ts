import { createClient, type Session } from "@countersign/api";
import { type UseMutationResult, useMutation, useQueryClient } from "@tanstack/react-query";

export const useOpenSession = (): UseMutationResult<Session, Error, string> => {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (code) => createClient().session.login(code),
    onSuccess: (session) => queries.setQueryData(["session"], session),
  });
};
