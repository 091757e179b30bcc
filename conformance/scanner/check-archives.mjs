// Holds the built scanner against what write-archives.py wrote: check-archives.mjs DIRECTORY
import { join } from "node:path";
import { scanPath } from "../../packages/scanner/dist/index.js";

const root = process.argv[2] ?? ".";
let wrong = 0;
for (const kind of ["clean", "malicious"]) {
  const { files } = await scanPath(join(root, kind));
  for (const { path, format, verdict, findings } of files) {
    if (verdict === kind) continue;
    wrong++;
    console.log(`${kind}/${path} (${format}) is ${verdict}`);
    for (const { rule, message, location } of findings)
      console.log(`    ${rule} ${location.member ?? ""}: ${message}`);
  }
  console.log(`${files.length} archives that are ${kind}`);
}
process.exitCode = wrong === 0 ? 0 : 1;
