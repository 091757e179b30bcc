import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
// @ts-expect-error plain JavaScript, which the measuring script runs too
import { score } from "../labelled/score.mjs";
// @ts-expect-error the same
import { labels, projects, unpack } from "../labelled/unpack.mjs";
import { discoverPath } from "./index.js";

it("finds what the labelled projects use, and nothing else: precision .95, recall .85", async () => {
  const total = { right: 0, found: 0, wanted: 0 };
  const parts = new Map<string, { right: number; wanted: number }>();
  const notes: string[] = [];
  for (const project of projects() as string[]) {
    const directory = mkdtempSync(join(tmpdir(), "labelled-"));
    try {
      unpack(project, directory);
      const { findings } = await discoverPath(directory);
      const one = score(labels[project], findings);
      for (const field of ["right", "found", "wanted"] as const) total[field] += one[field];
      const part = parts.get(project.slice(0, project.indexOf("/"))) ?? { right: 0, wanted: 0 };
      parts.set(project.slice(0, project.indexOf("/")), {
        right: part.right + one.right,
        wanted: part.wanted + one.wanted,
      });
      for (const { kind, name } of one.wrong) notes.push(`false ${project}: ${kind} ${name}`);
      for (const { kind, name } of one.lost) notes.push(`lost ${project}: ${kind} ${name}`);
    } finally {
      rmSync(directory, { recursive: true });
    }
  }
  expect(Object.keys(labels)).toHaveLength(projects().length);
  expect(total.wanted).toBeGreaterThan(100);
  for (const [part, { right, wanted }] of parts)
    expect(right / wanted, `${part}\n${notes.join("\n")}`).toBeGreaterThanOrEqual(0.9);
  expect(total.right / total.found, notes.join("\n")).toBeGreaterThanOrEqual(0.95);
  expect(total.right / total.wanted, notes.join("\n")).toBeGreaterThanOrEqual(0.85);
});
