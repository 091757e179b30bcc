import type { CheatBody, CheatResult } from "@countersign/api";
import { type UseMutationResult, useMutation } from "@tanstack/react-query";
import { useClient } from "../../../shared/api/client.js";

export const useCheat = (): UseMutationResult<CheatResult, Error, CheatBody> => {
  const client = useClient();
  return useMutation({ mutationFn: (body) => client.cheat(body) });
};
