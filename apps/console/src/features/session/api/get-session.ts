import { ApiError, createClient, type Session } from "@countersign/api";
import { type UseQueryResult, useQuery } from "@tanstack/react-query";

/** Null when nobody is signed in: a normal answer, not a failure. */
const fetchSession = async (): Promise<Session | null> => {
  try {
    return await createClient().session.get();
  } catch (error) {
    if (error instanceof ApiError && (error.status === 401 || error.status === 403)) return null;
    throw error;
  }
};

export const useSession = (): UseQueryResult<Session | null> =>
  useQuery({ queryKey: ["session"], queryFn: fetchSession, staleTime: 60_000 });
