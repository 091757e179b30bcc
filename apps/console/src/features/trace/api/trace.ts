import type { ContainmentBody, ContainmentResult, Trace } from "@countersign/api";
import {
  type UseMutationResult,
  type UseQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useClient } from "../../../shared/api/client.js";

const LIMIT = 20_000;

export const useTrace = (subject: string): UseQueryResult<Trace> => {
  const client = useClient();
  return useQuery({
    queryKey: [client.workspace, "trace", subject],
    queryFn: ({ signal }) => client.trace({ subject, direction: "down", limit: LIMIT }, { signal }),
    enabled: subject !== "",
  });
};

export const useContain = (): UseMutationResult<ContainmentResult, Error, ContainmentBody> => {
  const client = useClient();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body) => client.containments.create(body),
    onSuccess: () => queries.invalidateQueries({ queryKey: [client.workspace] }),
  });
};

const SHOWN = 200;

/** What is or was contained because of a subject. */
export const useContainments = (subject: string) => {
  const client = useClient();
  return useQuery({
    queryKey: [client.workspace, "containments", subject],
    queryFn: ({ signal }) =>
      client.containments.list(
        { limit: SHOWN, ...(subject === "" ? { open: true } : { subject }) },
        { signal },
      ),
  });
};

interface Lift {
  envelopes: string[];
  reason: string;
}

/** Lifts one after the other; what failed is told, what was lifted stays lifted. */
export const useLift = (): UseMutationResult<void, Error, Lift> => {
  const client = useClient();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ envelopes, reason }) => {
      for (const envelope of envelopes) await client.containments.lift(envelope, { reason });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: [client.workspace] }),
  });
};
