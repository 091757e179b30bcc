import type {
  Client,
  Containment,
  ContainmentBody,
  ContainmentQuery,
  ContainmentResult,
  Page,
  Trace,
} from "@countersign/api";
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

/** What is shown of the workspace, and the picture of its lineage, which new entries leave alone. */
const useRefresh = (): (() => Promise<unknown>) => {
  const client = useClient();
  const queries = useQueryClient();
  return () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: [client.workspace] }),
      queries.invalidateQueries({ queryKey: ["lineage", client.workspace] }),
    ]);
};

export const useContain = (): UseMutationResult<ContainmentResult, Error, ContainmentBody> => {
  const client = useClient();
  const refresh = useRefresh();
  return useMutation({ mutationFn: (body) => client.containments.create(body), onSuccess: refresh });
};

const SHOWN = 200;

const asked = (subject: string): ContainmentQuery => ({
  limit: SHOWN,
  ...(subject === "" ? { open: true } : { subject }),
});

/** What is or was contained because of a subject: the newest. */
export const useContainments = (subject: string): UseQueryResult<Page<Containment>> => {
  const client = useClient();
  return useQuery({
    queryKey: [client.workspace, "containments", subject],
    queryFn: ({ signal }) => client.containments.list(asked(subject), { signal }),
  });
};

interface Lift {
  /** Empty: everything that is contained because of the subject. */
  envelopes: string[];
  subject: string;
  reason: string;
}

/** Lifts one after the other; what failed is told, what was lifted stays lifted. */
export const useLift = (onLifted: (done: number) => void): UseMutationResult<void, Error, Lift> => {
  const client = useClient();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async ({ envelopes, subject, reason }) => {
      const all = envelopes.length > 0 ? envelopes : await openOnes(client, subject);
      for (const [at, envelope] of all.entries()) {
        await client.containments.lift(envelope, { reason });
        onLifted(at + 1);
      }
    },
    onSettled: refresh,
  });
};

const openOnes = async (client: Client, subject: string): Promise<string[]> => {
  const found: string[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const query: ContainmentQuery = {
      ...asked(subject),
      open: true,
      ...(cursor === undefined ? {} : { cursor }),
    };
    const page = await client.containments.list(query);
    found.push(...page.items.map(({ envelope }) => envelope));
    cursor = page.nextCursor;
  }
  return found;
};
