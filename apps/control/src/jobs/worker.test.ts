import { setTimeout as sleep } from "node:timers/promises";
import type { Job } from "@countersign/api";
import { CountersignError } from "@countersign/evidence";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { Seals } from "../auth/seals.js";
import { toProblem } from "../http/problem.js";
import { flavours, type TestDatabase } from "../testing/database.js";
import { JobStore } from "./store.js";
import { type JobHandler, Worker } from "./worker.js";

describe.each(flavours())("jobs on $name PostgreSQL", ({ open }) => {
  let database: TestDatabase;
  let now = 1_000;
  let store: JobStore;
  let workers: Worker[] = [];
  const ended: Job[] = [];

  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.dispose());
  beforeEach(async () => {
    await database.pool.query("delete from jobs");
    store = new JobStore(database.db, "default", () => now, new Seals(new Uint8Array(32)));
    ended.length = 0;
  });
  afterEach(async () => {
    await Promise.all(workers.map((worker) => worker.stop(0)));
    workers = [];
  });

  function start(handler: JobHandler, leaseMs = 10_000): Worker {
    const worker = new Worker({
      store,
      handlers: { admit: handler, audit: handler, dataset: handler, example: handler, register: handler },
      leaseMs,
      slots: 2,
      toProblem: (error) => toProblem(error, ""),
      onChange: (job) => ended.push(job),
      onEnd: async () => undefined,
      onFault: (error) => {
        throw error;
      },
    });
    workers.push(worker);
    worker.start();
    return worker;
  }

  const make = (title = "m") => store.create({ kind: "admit", title, principal: "p", input: { a: 1 } });
  const until = (id: string, state: string) =>
    vi.waitFor(async () => expect((await store.get(id))?.state).toBe(state), {
      timeout: 30_000,
      interval: 20,
    });

  test("runs a job and keeps its result", async () => {
    const { id } = await make();
    start(async (input, context) => {
      context.progress("scan", 2, 3);
      return { input, principal: context.principal };
    });
    await until(id, "succeeded");
    const job = await store.get(id);
    expect(job).toMatchObject({ result: { input: { a: 1 }, principal: "p" }, attempts: 1, error: null });
    expect(job?.progress).toEqual({ step: "scan", done: 2, total: 3 });
    await vi.waitFor(() => expect(ended.map(({ state }) => state)).toEqual(["succeeded"]), 30_000);
  });

  test("a result with a NUL character is kept as it is", async () => {
    const { id } = await make();
    start(async () => ({ path: "a\u0000b", lone: "\ud800" }));
    await until(id, "succeeded");
    expect((await store.get(id))?.result).toEqual({ path: "a\u0000b", lone: "\ud800" });
  });

  test("a fault becomes the job's problem, without what is inside", async () => {
    const first = await make("known");
    const second = await make("unknown");
    start(async (_input, { id }) => {
      if (id === first.id) throw new CountersignError("symlink-refused", "a link");
      throw new Error("password=hunter2");
    });
    await until(first.id, "failed");
    await until(second.id, "failed");
    expect((await store.get(first.id))?.error).toMatchObject({ code: "symlink-refused", detail: "a link" });
    const problem = (await store.get(second.id))?.error;
    expect(problem?.code).toBe("internal");
    expect(JSON.stringify(problem)).not.toContain("hunter2");
  });

  test("a waiting job is cancelled at once, a running one when it hears of it", async () => {
    const waiting = await make();
    expect((await store.cancel(waiting.id))?.state).toBe("cancelled");
    const running = await make();
    const worker = start(async (_input, { signal }) => {
      await sleep(60_000, undefined, { signal });
    });
    await until(running.id, "running");
    expect((await store.cancel(running.id))?.cancelRequested).toBe(true);
    worker.cancel(running.id);
    await until(running.id, "cancelled");
    expect((await store.cancel(running.id))?.state).toBe("cancelled");
  });

  test("cancel reaches a job that another process asked to stop", async () => {
    const job = await make();
    start(async (_input, { signal }) => void (await sleep(60_000, undefined, { signal })), 400);
    await until(job.id, "running");
    await store.cancel(job.id);
    await until(job.id, "cancelled");
  });

  test("an expired lease is taken over, and the old holder's end does not count", async () => {
    const job = await make();
    expect(await store.claim("dead", 1_000)).toMatchObject({ id: job.id, attempts: 1 });
    expect(await store.claim("other", 1_000)).toBeUndefined();
    now += 2_000;
    expect(await store.claim("other", 1_000)).toMatchObject({ id: job.id, attempts: 2 });
    expect(await store.beat(job.id, "dead", 1_000, { step: "", done: 0, total: 0 })).toBeUndefined();
    expect(await store.finish(job.id, "dead", { state: "succeeded", result: 1 })).toBeUndefined();
    expect((await store.get(job.id))?.state).toBe("running");
  });

  test("after a kill a new start takes the job up at once; after five it gives up", async () => {
    const job = await make();
    for (let kill = 0; kill < 5; kill++) {
      await store.expireLeases();
      expect((await store.claim(`run ${kill}`, 1_000))?.attempts).toBe(kill + 1);
    }
    await store.expireLeases();
    now += 10;
    start(async () => "never");
    await until(job.id, "failed");
    expect((await store.get(job.id))?.error?.code).toBe("job-lost");
  });

  test("a stopping worker gives back what it cannot finish", async () => {
    const job = await make();
    const worker = start(async (_input, { signal }) => void (await sleep(60_000, undefined, { signal })));
    await until(job.id, "running");
    await worker.stop(50);
    expect(await store.get(job.id)).toMatchObject({ state: "queued", attempts: 0 });
  });

  test("what somebody else wrote into the table is not run, and not believed", async () => {
    const asked = await make();
    await database.pool.query(`update jobs set input = '{"a":2,"signAs":"author"}'`);
    const done = await make("done");
    let ran = 0;
    start(async () => ({ decision: { outcome: "deny" }, ran: ++ran }));
    await until(asked.id, "failed");
    await until(done.id, "succeeded");
    expect(ran).toBe(1);
    expect((await store.get(asked.id))?.error?.code).toBe("projection-mismatch");
    await database.pool.query(`update jobs set result = '{"decision":{"outcome":"allow"}}' where id = $1`, [
      done.id,
    ]);
    expect(await store.get(done.id)).toMatchObject({
      state: "failed",
      result: null,
      error: { code: "projection-mismatch" },
    });
    const [listed] = await store.list(1);
    expect(listed?.job.state).toBe("failed");
  });

  test("lists newest first and by state", async () => {
    const ids = [];
    for (const title of ["a", "b", "c"]) ids.push((await make(title)).id);
    const page = await store.list(2);
    expect(page.map(({ job }) => job.title)).toEqual(["c", "b"]);
    expect((await store.list(2, page[1]?.sequence)).map(({ job }) => job.title)).toEqual(["a"]);
    expect(await store.list(5, undefined, "failed")).toEqual([]);
    expect(await store.openIds()).toHaveLength(3);
  });
});
