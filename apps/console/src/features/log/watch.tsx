import type { LogState } from "@countersign/api";
import { useQuery } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { useClient } from "../../shared/api/client.js";
import { useOverview } from "../../shared/api/get-overview.js";
import { type Answer, checkLog } from "../../shared/proof/checkpoint.js";
import { type Pin, readPin, readSeen, writePin, writeSeen } from "../../shared/proof/memory.js";

interface Watch {
  log: LogState | undefined;
  pin: Pin | undefined;
  /** What the last check of the log against pin and memory said. */
  answer: Answer | undefined;
  /** The check itself could not run: the server or WebCrypto is not there. */
  fault: Error | null;
  /** The server now offers another key than the pinned one. */
  otherKey: boolean;
  pinKey(vkey: string): void;
  recheck(): void;
}

const WatchContext = createContext<Watch | undefined>(undefined);

export const useWatch = (): Watch => {
  const watch = useContext(WatchContext);
  if (watch === undefined) throw new Error("useWatch needs LogWatch around it");
  return watch;
};

/**
 * Checks the log on every change: signed by the pinned key, and an extension of what this browser saw last.
 * On the first visit the key is pinned as the server gives it; the fingerprint is shown for comparison.
 */
export function LogWatch({ children }: { children: ReactNode }): ReactNode {
  const client = useClient();
  const overview = useOverview();
  const [pin, setPin] = useState(readPin);
  const log = overview.data?.log;
  useEffect(() => {
    if (pin !== undefined || log === undefined) return;
    const first = { vkey: log.vkey, at: Date.now() };
    writePin(first);
    setPin(first);
  }, [pin, log]);
  const check = useQuery({
    queryKey: ["log-check", pin?.vkey, log?.checkpoint],
    queryFn: async () => {
      const answer = await checkLog(client, pin?.vkey ?? "", readSeen(), Date.now());
      if (answer.ok) writeSeen(answer.checkpoint);
      return answer;
    },
    enabled: pin !== undefined && log !== undefined,
    placeholderData: (before) => before,
  });
  const { refetch } = check;
  const watch = useMemo<Watch>(
    () => ({
      log,
      pin,
      answer: check.data,
      fault: check.error,
      otherKey: pin !== undefined && log !== undefined && pin.vkey !== log.vkey,
      pinKey: (vkey) => {
        const next = { vkey, at: Date.now() };
        writePin(next);
        setPin(next);
      },
      recheck: () => void refetch(),
    }),
    [log, pin, check.data, check.error, refetch],
  );
  return <WatchContext value={watch}>{children}</WatchContext>;
}
