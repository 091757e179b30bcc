import { spawnSync } from "node:child_process";
import { readdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { leaf, temporaryDirectory } from "../testing/logs.js";
import { fileStore } from "./file-store.js";
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
  const unlock = await lockDirectory(directory);
  const [own = ""] = readdirSync(join(directory, "lock"));
  const here = own.split("-")[2];
  await unlock();
  const dead = spawnSync(process.execPath, ["-e", ""]).pid;
  writeFileSync(join(directory, "lock", `${dead}-12345-${here}-abcdef`), "");
  writeFileSync(join(directory, "lock", `${process.pid}-1-${here}-abcdef`), "");
  await (await lockDirectory(directory))();
  expect(readdirSync(join(directory, "lock"))).toEqual([]);
});

test("a claim from another machine counts while it shows life", async () => {
  const directory = temporaryDirectory();
  await (await lockDirectory(directory))();
  const foreign = join(directory, "lock", "1-1-ffffffffffffffff-abcdef");
  writeFileSync(foreign, "");
  let time = 1_000;
  const beat = setInterval(() => utimesSync(foreign, time, time++), 20);
  await expect(lockDirectory(directory, 200)).rejects.toMatchObject({ code: "directory-locked" });
  clearInterval(beat);
  await (await lockDirectory(directory, 200))();
  expect(readdirSync(join(directory, "lock"))).toEqual([]);
});

test("two stores on one directory take turns at replacing", async () => {
  const directory = temporaryDirectory();
  const stores = [fileStore(directory), fileStore(directory)];
  const swap = (i: number) => stores[i % 2]!.putIfMatch("a", leaf(i), undefined);
  const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => swap(i)));
  expect(answers.filter(Boolean).length).toBe(1);
});
