import { useCallback } from "react";
import { useSearchParams } from "wouter";

/** Puts values into the address without a new step in the history; "" takes one out. */
export const usePutParams = (): ((changes: Readonly<Record<string, string>>) => void) => {
  const [, setParams] = useSearchParams();
  return useCallback(
    (changes) => setParams((held) => changed(held, changes), { replace: true }),
    [setParams],
  );
};

const changed = (held: URLSearchParams, changes: Readonly<Record<string, string>>): URLSearchParams => {
  const next = new URLSearchParams(held);
  for (const [name, value] of Object.entries(changes)) {
    if (value === "") next.delete(name);
    else next.set(name, value);
  }
  return next;
};
