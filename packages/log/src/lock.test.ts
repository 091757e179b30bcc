import { spawnSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryDirectory } from "../testing/logs.js";
import { lockDirectory } from "./lock.js";

test("a directory has one holder, also within a process", async () => {
  const directory = temporaryDirectory();
  const unlock = await lockDirectory(directory);
  await expect(lockDirectory(directory)).rejects.toMatchObject({ code: "directory-locked" });
  await unlock();
  await (await lockDirectory(directory))();
  expect(readdirSync(join(directory, "lock"))).toEqual([]);
});

test("of many at the same moment at most one holds it", async () => {
  for (let round = 0; round < 20; round++) {
    const directory = temporaryDirectory();
    const claims = await Promise.allSettled(Array.from({ length: 6 }, () => lockDirectory(directory)));
    expect(claims.filter(({ status }) => status === "fulfilled").length).toBeLessThanOrEqual(1);
  }
});

test("the claims of the dead are cleared away, also when their process id lives again", async () => {
  const directory = temporaryDirectory();
  await (await lockDirectory(directory))();
  const dead = spawnSync(process.execPath, ["-e", ""]).pid;
  writeFileSync(join(directory, "lock", `${dead}-12345-abcdef`), "");
  writeFileSync(join(directory, "lock", `${process.pid}-1-abcdef`), "");
  writeFileSync(join(directory, "lock", "nonsense"), "");
  const unlock = await lockDirectory(directory);
  expect(readdirSync(join(directory, "lock")).length).toBe(1);
  await unlock();
});
