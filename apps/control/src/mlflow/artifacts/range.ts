import type { ByteRange } from "./objects.js";

/**
 * Reads a Range header: undefined where the whole file is wanted (also for several ranges, as RFC 9110 allows), null where
 * nothing of it is there.
 */
export function parseRange(header: string | undefined, size: number): ByteRange | null | undefined {
  const [, first = "", last = ""] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? "") ?? [];
  if (first === "" && last === "") return undefined;
  const from = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === "" || last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (first !== "" && last !== "" && Number(last) < Number(first)) return undefined;
  return from > to ? null : { from, to };
}
