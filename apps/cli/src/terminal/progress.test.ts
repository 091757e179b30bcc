import { describe, expect, it } from "vitest";
import type { Io } from "../io.js";
import { createProgress, formatBytes, formatSeconds } from "./progress.js";

function watched(): { io: Io; written: string[]; tick: (ms: number) => void } {
  const written: string[] = [];
  let now = 0;
  const sink = { isTTY: true, columns: 80, write: (text: string) => written.push(text) };
  const io = { stderr: sink, stdout: sink, env: {}, clock: () => now } as unknown as Io;
  return { io, written, tick: (ms) => (now += ms) };
}

describe("progress", () => {
  it("draws bytes, rate and the time that is left", () => {
    const { io, written, tick } = watched();
    const progress = createProgress(io, true);
    progress.update("hashing", 0, 4_000_000_000);
    tick(1000);
    progress.update("hashing", 1_000_000_000, 4_000_000_000);
    expect(written.at(-1)).toBe("\r\u001b[Khashing  1.0 GB of 4.0 GB   25%  1.0 GB/s  3 s left");
    progress.finish();
    expect(written.at(-1)).toBe("\r\u001b[K");
  });

  it("does not redraw more often than a person can see", () => {
    const { io, written, tick } = watched();
    const progress = createProgress(io, true);
    for (let done = 0; done < 1000; done++) {
      tick(1);
      progress.update("hashing", done, 1000);
    }
    expect(written.length).toBeLessThan(12);
  });

  it("says nothing where nobody watches", () => {
    const { io, written } = watched();
    const progress = createProgress(io, false);
    progress.update("hashing", 1, 2);
    progress.finish();
    expect(written).toEqual([]);
  });

  it("writes sizes and times for people", () => {
    expect([0, 999, 1000, 1_500_000, 2e12].map(formatBytes)).toEqual([
      "0 B",
      "999 B",
      "1.0 kB",
      "1.5 MB",
      "2.0 TB",
    ]);
    expect([0, 59.2, 61, 7200].map(formatSeconds)).toEqual(["0 s", "1 min 0 s", "1 min 1 s", "2 h 0 min"]);
  });
});
