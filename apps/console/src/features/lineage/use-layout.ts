import { startTransition, useEffect, useMemo, useRef, useState } from "react";
import type { Shown } from "./collapse.js";
import type { Layout } from "./layout.js";

export const BOX = { width: 172, height: 48 };

export interface Arranged {
  shown: Shown;
  layout: Layout;
}

interface Answer {
  id: number;
  layout?: Layout;
  error?: string;
}

/** Arranges in a worker; until the new picture is ready the one before stays. */
export const useLayout = (shown: Shown): { arranged: Arranged | undefined; error: string } => {
  const worker = useRef<Worker>(undefined);
  const [arranged, setArranged] = useState<Arranged>();
  const [error, setError] = useState("");
  useEffect(() => {
    worker.current = new Worker(new URL("./layout.worker.ts", import.meta.url), { type: "module" });
    return () => worker.current?.terminate();
  }, []);
  const asked = useRef(0);
  const question = useMemo(
    () => ({
      boxes: shown.items.map(({ id }) => ({ id, ...BOX })),
      lines: shown.links.map(({ from, to }) => ({ from, to })),
    }),
    [shown],
  );
  useEffect(() => {
    const { current } = worker;
    if (current === undefined) return;
    asked.current += 1;
    const id = asked.current;
    const onMessage = ({ data }: MessageEvent<Answer>): void => {
      const { layout } = data;
      if (data.id !== id) return;
      setError(data.error ?? "");
      if (layout !== undefined) startTransition(() => setArranged({ shown, layout }));
    };
    const onError = (): void => setError("The layout could not be started in this browser.");
    current.addEventListener("message", onMessage);
    current.addEventListener("error", onError);
    current.postMessage({ id, ...question });
    return () => {
      current.removeEventListener("message", onMessage);
      current.removeEventListener("error", onError);
    };
  }, [question, shown]);
  return { arranged, error };
};
