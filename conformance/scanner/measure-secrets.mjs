// Secrets found and harmless texts flagged, by source: node conformance/scanner/measure-secrets.mjs LABELLED.jsonl[.gz]
// Each line is { "text", "label": "secret" | "benign", "source" }.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { findSecrets } from "../../packages/scanner/dist/content/secrets/find.js";

const [path] = process.argv.slice(2);
if (path === undefined) throw new Error("name a file of labelled texts");
const bytes = readFileSync(path);
const text = (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
const rows = text
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line));

const groups = new Map();
for (const { text: content, label, source } of rows) {
  const key = `${source} ${label}`;
  const group = groups.get(key) ?? { texts: 0, flagged: 0, sure: 0 };
  const found = findSecrets(content);
  group.texts++;
  group.flagged += found.length > 0 ? 1 : 0;
  group.sure += found.some(({ strength }) => strength === "sure") ? 1 : 0;
  groups.set(key, group);
}
for (const [key, { texts, flagged, sure }] of [...groups].sort()) {
  console.log(`${key.padEnd(44)} ${texts} texts, ${flagged} flagged, ${sure} as sure`);
}
