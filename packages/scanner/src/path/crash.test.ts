import { tmpdir } from "node:os";
import { describe, expect, it } from "vitest";
import { DEFAULT_LIMITS } from "../core/limits.js";
import type { Done, Job } from "./messages.js";
import { type Failure, Pool } from "./pool.js";

/** A heap too small for any file: the child dies, the parent goes on. */
describe("a scanning process that dies", () => {
  it("is that file's failure and no other's", { timeout: 60_000 }, async () => {
    const jobs: Job[] = [0, 1, 2].map((index) => ({
      index,
      name: `${index}`,
      absolute: `/dev/null/${index}`,
    }));
    const done: Done[] = [];
    const failures: [string, Failure][] = [];
    const pool = new Pool(
      [jobs],
      {
        workers: 1,
        timeMs: () => 20_000,
        heapMegabytes: 1,
        batch: { limits: DEFAULT_LIMITS, hashBelow: 1, spillDirectory: tmpdir() },
      },
      (result) => done.push(result),
      ({ name }, failure) => failures.push([name, failure]),
    );
    await pool.run();
    expect(done.length + failures.length).toBe(3);
    for (const [, failure] of failures) expect(failure).toBe("scan-crashed");
  });
});
