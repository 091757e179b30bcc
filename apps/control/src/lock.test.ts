import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lockDirectory } from "./lock.js";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "countersign-lock-"));
});
afterEach(() => rm(directory, { recursive: true }));

test("is taken once, and again after it was released", async () => {
  const lock = await lockDirectory(directory);
  await expect(lockDirectory(directory)).rejects.toMatchObject({ code: "directory-locked" });
  await lock.release();
  await (await lockDirectory(directory)).release();
  expect(await readdir(directory)).toEqual([]);
});

test("of many at once exactly one gets it", async () => {
  const results = await Promise.allSettled(Array.from({ length: 20 }, () => lockDirectory(directory)));
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
});

test.each(["999999999 1 dead\n", "garbage", "", "1\u0000"])(
  "a lock of nobody is taken over: %j",
  async (text) => {
    await writeFile(join(directory, "server.lock"), text);
    const lock = await lockDirectory(directory);
    expect(await readFile(join(directory, "server.lock"), "utf8")).toContain(String(process.pid));
    await lock.release();
  },
);

test.skipIf(process.platform !== "linux")("a process id that was given out again holds nothing", async () => {
  await writeFile(join(directory, "server.lock"), `${process.pid} 1 reused\n`);
  await (await lockDirectory(directory)).release();
});

test("the lock of a killed process is taken over", async () => {
  const child = spawn("sleep", ["60"]);
  const fields = (await readFile(`/proc/${child.pid}/stat`, "utf8").catch(() => "x) 0"))
    .split(") ")[1]
    ?.split(" ");
  await writeFile(join(directory, "server.lock"), `${child.pid} ${fields?.[19] ?? "-"} x\n`);
  await expect(lockDirectory(directory)).rejects.toMatchObject({ code: "directory-locked" });
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
  await (await lockDirectory(directory)).release();
});
