// Judges our SARIF by Microsoft's validator, with the rules of SARIF 2.1.0 and of GitHub's code scanning:
//   npm install --prefix DIRECTORY @microsoft/sarif-multitool && chmod u+x DIRECTORY/node_modules/@microsoft/*/Sarif.Multitool
//   SARIF_MULTITOOL=DIRECTORY/node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool node conformance/scanner/check-sarif.mjs PATH
// Exits 1 when it has an error or a warning. Notes (snippets of source, rule ids such as ABC1001) have no meaning for binary files.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { scanPath, toSarif } from "../../packages/scanner/dist/index.js";

const [path] = process.argv.slice(2);
const tool = process.env.SARIF_MULTITOOL;
if (path === undefined) throw new Error("name a file or directory to scan");
if (tool === undefined) {
  console.log("skipped: SARIF_MULTITOOL names no validator");
  process.exit(0);
}
const directory = mkdtempSync(join(tmpdir(), "sarif-"));
try {
  const sarif = toSarif(await scanPath(path));
  const [input, output] = ["in.sarif", "out.sarif"].map((name) => join(directory, name));
  writeFileSync(input, JSON.stringify(sarif));
  const args = ["validate", input, "--rule-kind", "Sarif;Gh", "--output", output];
  const env = { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: "1" };
  const { error } = spawnSync(tool, args, { env, stdio: "ignore" });
  if (error) throw error;
  const [run] = JSON.parse(readFileSync(output, "utf8")).runs;
  const said = run.results.filter(({ level = "warning" }) => level === "error" || level === "warning");
  for (const { ruleId, message } of said) console.log(`${ruleId}: ${JSON.stringify(message)}`);
  console.log(`${sarif.runs[0].results.length} results, ${said.length} errors and warnings`);
  process.exitCode = said.length === 0 ? 0 : 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
}
