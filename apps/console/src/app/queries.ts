import { ApiError } from "@countersign/api";
import { QueryCache, QueryClient } from "@tanstack/react-query";

const RETRIES = 2;

/** A server that said no will say it again; only a lost connection is worth another try. */
const worthRetrying = (failures: number, error: Error): boolean =>
  failures < RETRIES && error instanceof ApiError && error.code === "server-unreachable";

export const createQueries = (): QueryClient => {
  const client: QueryClient = new QueryClient({
    defaultOptions: {
      // The server is often this very machine: a browser that believes to be offline may still reach it.
      mutations: { networkMode: "always" },
      queries: { networkMode: "always", retry: worthRetrying, staleTime: 2_000, refetchOnWindowFocus: true },
    },
    queryCache: new QueryCache({
      onError: (error, query) => {
        if (error instanceof ApiError && error.status === 401 && query.queryKey[0] !== "session") {
          void client.invalidateQueries({ queryKey: ["session"] });
        }
      },
    }),
  });
  return client;
};
