import type { Page } from "@countersign/api";
import { keepPreviousData, type QueryKey, useQueries, useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";

export const PAGE_SIZE = 100;
/** Pages out of sight are forgotten soon: with 100,000 rows they would fill the memory. */
const FORGET_MS = 60_000;

interface KeysetSource<T> {
  key: QueryKey;
  fetch(cursor: string, signal: AbortSignal): Promise<Page<T>>;
}

export interface Keyset<T> {
  /** Rows known to exist; the last of them may still be on their way. */
  count: number;
  /** Whether the server has more than `count`. */
  more: boolean;
  row(index: number): T | undefined;
  /** Tells which rows are in sight; their pages are what is loaded. */
  see(first: number, last: number): void;
  /** The first page is there, perhaps still that of the question before. */
  data: true | undefined;
  stale: boolean;
  error: Error | null;
  refetch(): void;
}

interface Chain {
  id: string;
  /** What opens each page; "" is the first. */
  cursors: string[];
  first: number;
  last: number;
}

const start = (id: string): Chain => ({ id, cursors: [""], first: 0, last: 1 });

/** The chain with what page `at` says about the page after it. */
const follow = (chain: Chain, at: number, next: string | null): Chain => {
  if (next === null) return chain.cursors.length === at + 1 ? chain : cut(chain, at);
  if (chain.cursors[at + 1] === next) return chain;
  return { ...chain, cursors: [...chain.cursors.slice(0, at + 1), next] };
};

const cut = (chain: Chain, at: number): Chain => ({ ...chain, cursors: chain.cursors.slice(0, at + 1) });

/** A long list by keyset pages, of which only those in sight are asked for and kept. */
export function useKeyset<T>({ key, fetch }: KeysetSource<T>): Keyset<T> {
  const id = JSON.stringify(key);
  const [stored, setChain] = useState(() => start(id));
  const chain = stored.id === id ? stored : start(id);
  if (chain !== stored) setChain(chain);

  const head = useQuery({
    queryKey: [...key, ""],
    queryFn: ({ signal }) => fetch("", signal),
    placeholderData: keepPreviousData,
  });
  const numbers = chain.cursors
    .map((_, at) => at)
    .filter((at) => at > 0 && at >= chain.first && at <= chain.last);
  const rest = useQueries({
    queries: numbers.map((at) => ({
      queryKey: [...key, chain.cursors[at]],
      queryFn: ({ signal }: { signal: AbortSignal }) => fetch(chain.cursors[at] ?? "", signal),
      gcTime: FORGET_MS,
    })),
  });
  const pages = new Map<number, Page<T>>();
  if (head.data !== undefined) pages.set(0, head.data);
  rest.forEach(({ data }, place) => {
    const at = numbers[place];
    if (data !== undefined && at !== undefined && !head.isPlaceholderData) pages.set(at, data);
  });

  const links = head.isPlaceholderData
    ? ""
    : [...pages].map(([at, { nextCursor }]) => `${at}:${nextCursor}`).join(" ");
  // biome-ignore lint/correctness/useExhaustiveDependencies: `links` says all that matters of the pages
  useEffect(() => {
    if (links === "") return;
    setChain((held) =>
      held.id === id
        ? [...pages].reduce((now, [at, { nextCursor }]) => follow(now, at, nextCursor), held)
        : held,
    );
  }, [links, id]);

  const see = useCallback((first: number, last: number) => {
    const [from, to] = [Math.floor(first / PAGE_SIZE), Math.floor(last / PAGE_SIZE) + 1];
    setChain((held) => (held.first === from && held.last === to ? held : { ...held, first: from, last: to }));
  }, []);
  const final = chain.cursors.length - 1;
  const count = head.isPlaceholderData
    ? (head.data?.items.length ?? 0)
    : final * PAGE_SIZE + (pages.get(final)?.items.length ?? (final === 0 ? 0 : PAGE_SIZE));
  return {
    count,
    more: pages.get(final)?.nextCursor !== null,
    row: (index) => pages.get(Math.floor(index / PAGE_SIZE))?.items[index % PAGE_SIZE],
    see,
    data: head.data === undefined ? undefined : true,
    stale: head.isPlaceholderData,
    error: head.error ?? rest.find(({ error }) => error !== null)?.error ?? null,
    refetch: () => {
      void head.refetch();
      for (const page of rest) if (page.error !== null) void page.refetch();
    },
  };
}
