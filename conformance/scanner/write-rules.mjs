// Writes docs/rules/ from the rules of the built scanner.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { rulePages } from "../../packages/scanner/dist/output/rule-page.js";

const directory = fileURLToPath(new URL("../../docs/rules/", import.meta.url));
rmSync(directory, { recursive: true, force: true });
mkdirSync(directory, { recursive: true });
for (const [name, text] of rulePages()) writeFileSync(`${directory}${name}`, text);
