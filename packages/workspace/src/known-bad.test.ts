import { mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { knownBadList } from "./known-bad.js";

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "known-bad-"));
});
afterAll(() => rm(directory, { recursive: true }));

it("reads the list when there is one, and again when it changes", async () => {
  const path = join(directory, "known-bad.txt");
  const list = knownBadList(path);
  expect(await list()).toBeUndefined();
  await writeFile(path, `${"a".repeat(64)}  x  stolen\n`);
  expect((await list())?.find("a".repeat(64))).toBe("x stolen");
  await writeFile(path, `${"b".repeat(64)}  y  leaked\n`);
  await utimes(path, 1, 1);
  expect((await list())?.find("b".repeat(64))).toBe("y leaked");
  await writeFile(path, "nonsense\nnonsense\n");
  await expect(list()).rejects.toMatchObject({ code: "file-unreadable" });
});
