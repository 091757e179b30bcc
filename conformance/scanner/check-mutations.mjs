// Scans what mutate-archives.py wrote: check-mutations.mjs DIRECTORY. What an archiver extracts must not be clean.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { scanPath } from "../../packages/scanner/dist/index.js";

const root = process.argv[2] ?? ".";
const extracted = JSON.parse(readFileSync(join(root, "extracted.json"), "utf8"));
const { files } = await scanPath(join(root, "archives"));
const counts = {};
let missed = 0;
for (const { path, verdict, format, findings } of files) {
  const by = extracted[path] ?? [];
  const key = `${by.length > 0 ? "extracted" : "not extracted"}: ${verdict}`;
  counts[key] = (counts[key] ?? 0) + 1;
  if (by.length === 0 || verdict === "malicious") continue;
  console.log(
    `${path} (${format}) is ${verdict}; extracted by ${by.join(", ")}: ${findings.map(({ rule }) => rule).join(" ")}`,
  );
  if (verdict === "clean") missed++;
}
console.log(counts);
process.exitCode = missed === 0 ? 0 : 1;
