import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Example, writeExample } from "./example.js";

let root: string;
let example: Example;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "example-"));
  example = await writeExample(join(root, "first"));
});
afterAll(() => rm(root, { recursive: true }));

async function digests(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const line = async (file: string): Promise<string> => {
    const digest = createHash("sha256")
      .update(await readFile(file))
      .digest("hex");
    return `${file.slice(directory.length)} ${digest}`;
  };
  return Promise.all(files.sort().map(line));
}

test("two runs write the same bytes, also over each other", async () => {
  const first = await digests(join(root, "first"));
  await writeExample(join(root, "second"));
  await writeExample(join(root, "first"));
  expect(first).toHaveLength(16);
  expect(await digests(join(root, "second"))).toEqual(first);
  expect(await digests(join(root, "first"))).toEqual(first);
});

test("the models tell their stories", () => {
  expect(example.models.map(({ name, story }) => [name, story])).toEqual([
    ["credit-risk", "admitted"],
    ["credit-risk-torch", "waiting"],
    ["credit-risk-poisoned", "refused"],
    ["credit-risk-vendor", "refused"],
  ]);
});

test("the cards quote the measured figures and the dataset's digest", async () => {
  expect(example.metrics.auc).toBeGreaterThan(0.7);
  const csv = await readFile(join(example.dataset.directory, "applications.csv"));
  const card = await readFile(join(root, "first", "credit-risk", "README.md"), "utf8");
  expect(card).toContain(example.metrics.auc.toFixed(3));
  expect(card).toContain(`sha256:${createHash("sha256").update(csv).digest("hex")}`);
});
