import type { Graph, MetricCurve, RunDetail, RunQuery, RunSummary } from "@countersign/api";
import { keepPreviousData, type UseQueryResult, useQueries, useQuery } from "@tanstack/react-query";
import { useClient } from "../../../shared/api/client.js";
import { type Keyset, PAGE_SIZE, useKeyset } from "../../../shared/api/keyset.js";

const EXPERIMENTS = 100;
/** How often a run that still runs is asked for again. */
const LIVE_MS = 4_000;

export const useExperiments = (query: string) => {
  const client = useClient();
  return useQuery({
    queryKey: [client.workspace, "experiments", query],
    queryFn: ({ signal }) =>
      client.experiments.list({ limit: EXPERIMENTS, ...(query === "" ? {} : { query }) }, { signal }),
    placeholderData: keepPreviousData,
  });
};

export const useRuns = (query: RunQuery): Keyset<RunSummary> => {
  const client = useClient();
  return useKeyset<RunSummary>({
    key: [client.workspace, "runs", query],
    fetch: (cursor, signal) =>
      client.runs.list({ ...query, limit: PAGE_SIZE, ...(cursor === "" ? {} : { cursor }) }, { signal }),
  });
};

export const useRun = (id: string): UseQueryResult<RunDetail> =>
  useRunsById([id])[0] as UseQueryResult<RunDetail>;

export const useRunsById = (ids: string[]): UseQueryResult<RunDetail>[] => {
  const client = useClient();
  return useQueries({
    queries: ids.map((id) => ({
      queryKey: [client.workspace, "run", id],
      queryFn: ({ signal }: { signal: AbortSignal }) => client.runs.get(id, { signal }),
      refetchInterval: ({ state }: { state: { data?: RunDetail | undefined } }) =>
        state.data?.status === "RUNNING" && !state.data.stale ? LIVE_MS : false,
    })),
  });
};

interface CurveOf {
  run: string;
  key: string;
  live: boolean;
}

export const useCurves = (curves: CurveOf[]): UseQueryResult<MetricCurve>[] => {
  const client = useClient();
  return useQueries({
    queries: curves.map(({ run, key, live }) => ({
      queryKey: [client.workspace, "curve", run, key],
      queryFn: ({ signal }: { signal: AbortSignal }) => client.runs.metric(run, key, { signal }),
      refetchInterval: live ? LIVE_MS : (false as const),
    })),
  });
};

export const useArtifacts = (run: string, path: string) => {
  const client = useClient();
  return useQuery({
    queryKey: [client.workspace, "artifacts", run, path],
    queryFn: ({ signal }) => client.runs.artifacts(run, path === "" ? {} : { path }, { signal }),
    placeholderData: keepPreviousData,
  });
};

/** What the signed record says that a run read and made. */
export const useRecord = (run: string): UseQueryResult<Graph> => {
  const client = useClient();
  return useQuery({
    queryKey: [client.workspace, "graph", "run", run],
    queryFn: ({ signal }) => client.graph({ focus: `run:${run}`, direction: "both", depth: 1 }, { signal }),
  });
};
