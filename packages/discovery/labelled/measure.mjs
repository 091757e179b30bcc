// Measures the finder over the labelled set, per finding: node measure.mjs [--verbose]. Needs a build.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { discoverPath } from "../dist/index.js";
import { score } from "./score.mjs";
import { labels, projects, unpack } from "./unpack.mjs";

const verbose = process.argv.includes("--verbose");
const scores = [];
for (const project of projects()) {
  const directory = mkdtempSync(join(tmpdir(), "labelled-"));
  try {
    unpack(project, directory);
    const { findings } = await discoverPath(directory);
    const one = score(labels[project] ?? [], findings);
    scores.push({ project, ...one });
    if (verbose)
      for (const [what, list] of [
        ["false", one.wrong],
        ["lost", one.lost],
      ])
        for (const { kind, name } of list) console.log(`${what.padEnd(6)} ${project}: ${kind} ${name}`);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
const sum = (list, field) => list.reduce((total, one) => total + one[field], 0);
for (const part of ["tuned", "held", "fresh", "outside", "twisted", "later", ""]) {
  const some = scores.filter(({ project }) => project.startsWith(part));
  const [right, found, wanted] = ["right", "found", "wanted"].map((field) => sum(some, field));
  console.log(
    `${(part || "all").padEnd(7)} ${some.length} projects, ${wanted} labels: precision ${(right / Math.max(1, found)).toFixed(3)}, recall ${(right / Math.max(1, wanted)).toFixed(3)}`,
  );
}
