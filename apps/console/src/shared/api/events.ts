import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useClient } from "./client.js";

const SETTLE_MS = 250;

/** Refreshes what is shown when the server says that something new is on the record. */
export const useEvents = (): void => {
  const client = useClient();
  const queries = useQueryClient();
  useEffect(() => {
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refresh = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => void queries.invalidateQueries({ queryKey: [client.workspace] }), SETTLE_MS);
    };
    const listen = async (): Promise<void> => {
      for await (const { kind } of client.events({ signal: stop.signal })) {
        if (kind === "job") void queries.invalidateQueries({ queryKey: [client.workspace, "jobs"] });
        else refresh();
      }
    };
    // A refused stream (an ended session) shows itself through the next query; pages still refresh by themselves.
    listen().catch(() => undefined);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [client, queries]);
};
