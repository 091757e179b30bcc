import type { AssetFilter } from "@countersign/api";
import { useCallback, useMemo } from "react";
import { useSearchParams } from "wouter";
import { kindOf } from "../../shared/api/kinds.js";
import { usePutParams } from "../../shared/search-params.js";

const NAMES = ["query", "kind", "tag", "owner", "declared"] as const;

/** The filter in the address: it can be sent to somebody, and the way back keeps it. */
export const useFilter = () => {
  const [params, setParams] = useSearchParams();
  const text = params.toString();
  const filter = useMemo(() => filterOf(new URLSearchParams(text)), [text]);
  const put = usePutParams();
  const set = useCallback(
    (to: AssetFilter) =>
      setParams(new URLSearchParams(Object.entries(to).map(([name, value]) => [name, String(value)]))),
    [setParams],
  );
  return { filter, put, set };
};

export const filterOf = (params: URLSearchParams): AssetFilter => {
  const [query, tag, owner] = [params.get("query"), params.get("tag"), params.get("owner")];
  const kind = kindOf(params.get("kind"));
  const declared = params.get("declared");
  return {
    ...(query ? { query } : {}),
    ...(kind === undefined ? {} : { kind }),
    ...(tag ? { tag } : {}),
    ...(owner ? { owner } : {}),
    ...(declared === "true" || declared === "false" ? { declared: declared === "true" } : {}),
  };
};

export const sameFilter = (one: AssetFilter, other: AssetFilter): boolean =>
  NAMES.every((name) => one[name] === other[name]);
