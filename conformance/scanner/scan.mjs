// A bare front for the built scanner, for checks and benchmarks: scan [--output json|sarif] PATH
import { scanPath, toSarif } from "../../packages/scanner/dist/index.js";

const args = process.argv.slice(2).filter((arg) => arg !== "scan");
const at = args.indexOf("--output");
const format = at < 0 ? "json" : args.splice(at, 2)[1];
const report = await scanPath(args[0] ?? ".");
console.log(JSON.stringify(format === "sarif" ? toSarif(report) : report));
process.exitCode = report.verdict === "clean" ? 0 : 1;
