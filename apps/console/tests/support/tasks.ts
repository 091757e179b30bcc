import { availableParallelism, loadavg } from "node:os";
import type { Browser, Page } from "playwright-core";

interface Watched {
  tasks: number[];
}

export interface Tasks {
  /** Milliseconds of the clock, as the browser tells of tasks over 50 ms: what a reader feels. */
  long: number[];
  /** Milliseconds of work in the longest task: the same however busy the machine is with something else. */
  work: number;
  /** Whether the clock says anything: on a machine with more to do than processors it tells of waiting. */
  quiet: boolean;
}

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  tdur?: number;
  args: { name?: string };
}

/** Looks at every task of a page until asked how long they took. */
export const watchTasks = async (browser: Browser, page: Page): Promise<() => Promise<Tasks>> => {
  await page.evaluate(() => {
    const watched = window as unknown as Watched;
    watched.tasks = [];
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) watched.tasks.push(Math.round(duration));
    }).observe({ type: "longtask" });
  });
  await browser.startTracing(page, { categories: ["toplevel", "__metadata"] });
  return async () => {
    // The browser tells of long tasks a little late.
    await page.waitForTimeout(200);
    const long = await page.evaluate(() => (window as unknown as Watched).tasks);
    const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as {
      traceEvents: TraceEvent[];
    };
    const quiet = (loadavg()[0] ?? 0) <= availableParallelism() * 1.5;
    return { long, work: longest(traceEvents), quiet };
  };
};

const longest = (events: TraceEvent[]): number => {
  const main = new Set(
    events
      .filter(({ ph, name, args }) => ph === "M" && name === "thread_name" && args.name === "CrRendererMain")
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const work = events
    .filter(({ ph, pid, tid, tdur }) => ph === "X" && tdur !== undefined && main.has(`${pid} ${tid}`))
    .map(({ tdur = 0 }) => tdur / 1000);
  if (work.length === 0) throw new Error("the trace names no task of the page");
  return Math.round(work.reduce((most, one) => Math.max(most, one), 0));
};

/** One line for the log of the tests, and the figures that must not be over 50 ms. */
export const told = (what: string, { long, work, quiet }: Tasks): number[] => {
  const clock = quiet ? "" : " (the machine is busy: by the clock they waited too)";
  console.info(
    `${what}: the longest task worked ${work} ms; over 50 ms by the clock: ${JSON.stringify(long)}${clock}`,
  );
  return quiet ? [work, ...long] : [work];
};
