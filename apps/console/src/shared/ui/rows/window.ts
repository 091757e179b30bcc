import { type RefObject, useCallback, useEffect, useLayoutEffect, useState } from "react";

/** Rows kept beyond what is seen, so that a quick hand finds them there. */
const AHEAD = 10;
/** Rows move on in steps, so that most scroll events change nothing. */
const STEP = 4;

interface Seen {
  first: number;
  last: number;
  measure(): void;
}

/** Which rows of a scrolling region have to be in the page. */
export const useWindow = (region: RefObject<HTMLElement | null>, count: number, height: number): Seen => {
  const [seen, setSeen] = useState({ from: 0, to: 24 });
  const measure = useCallback(() => {
    const { scrollTop = 0, clientHeight = 0 } = region.current ?? {};
    const from = Math.floor(scrollTop / height / STEP) * STEP;
    const to = Math.ceil((scrollTop + clientHeight) / height / STEP) * STEP;
    setSeen((held) => (held.from === from && held.to === to ? held : { from, to }));
  }, [region, height]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: measured again when the list grows or shrinks
  useLayoutEffect(measure, [measure, count]);
  useEffect(() => {
    const watcher = new ResizeObserver(measure);
    if (region.current) watcher.observe(region.current);
    return () => watcher.disconnect();
  }, [measure, region]);
  return { first: Math.max(0, seen.from - AHEAD), last: Math.min(count - 1, seen.to + AHEAD), measure };
};
