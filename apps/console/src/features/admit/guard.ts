import { useEffect } from "react";

const keep = (event: Event): void => event.preventDefault();

/** A file that is dropped beside the zone must not replace the page with itself. */
export const useDropGuard = (): void =>
  useEffect(() => {
    window.addEventListener("dragover", keep);
    window.addEventListener("drop", keep);
    return () => {
      window.removeEventListener("dragover", keep);
      window.removeEventListener("drop", keep);
    };
  }, []);

/** Asks before a page is left that is still sending files. */
export const useLeaveGuard = (busy: boolean): void =>
  useEffect(() => {
    if (!busy) return undefined;
    window.addEventListener("beforeunload", keep);
    return () => window.removeEventListener("beforeunload", keep);
  }, [busy]);
