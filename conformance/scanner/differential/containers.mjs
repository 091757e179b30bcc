// Asks whether each pickle that a real reader takes out of a container makes our verdict malicious: containers.mjs [--count N] [--seed N] [--python A,B]
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { scanBytes } from "../../../packages/scanner/dist/core/scan-bytes.js";

const WRITER = fileURLToPath(new URL("containers.py", import.meta.url));

export function compare({ count, seed, pythons, show = 20, keep = false }) {
  const result = { files: 0, reached: {}, differences: 0, examples: [], skipped: [] };
  for (const python of pythons) {
    const folder = mkdtempSync(join(tmpdir(), "containers-"));
    try {
      const { stdout, stderr } = spawnSync(python, ["-B", WRITER, folder, String(count), String(seed)], {
        encoding: "utf8",
        maxBuffer: 1 << 30,
        stdio: ["ignore", "pipe", "pipe"],
      });
      result.skipped.push(
        ...stderr
          .split("\n")
          .filter((line) => line.startsWith("skipped"))
          .map((line) => `${line} (${python})`),
      );
      for (const line of stdout.trim().split("\n").filter(Boolean))
        record(result, python, JSON.parse(line), show);
    } finally {
      if (!keep) rmSync(folder, { recursive: true });
    }
  }
  return result;
}

function record(result, python, { file, kind, reached }, show) {
  result.files++;
  const bytes = readFileSync(file);
  for (const [loader, name] of Object.entries(reached)) {
    const what = `${kind} by ${loader}`;
    result.reached[what] = (result.reached[what] ?? 0) + 1;
    const { verdict, findings } = scanBytes(bytes, name);
    if (verdict === "malicious") continue;
    result.differences++;
    if (result.examples.length < show)
      result.examples.push(
        `${python}: ${loader} reaches the pickle in ${file}, our verdict on ${name} is ${verdict} (${findings.map(({ rule }) => rule).join(", ")})`,
      );
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      count: { type: "string", default: "3000" },
      seed: { type: "string", default: "1" },
      python: { type: "string", default: "python3" },
      show: { type: "string", default: "20" },
      keep: { type: "boolean", default: false },
    },
  });
  const result = compare({
    count: Number(values.count),
    seed: Number(values.seed),
    pythons: values.python.split(","),
    show: Number(values.show),
    keep: values.keep,
  });
  for (const line of [...result.skipped, ...result.examples]) console.log(line);
  console.log(
    `${result.files} containers; the pickle was reached: ${Object.entries(result.reached)
      .map(([what, times]) => `${what} ${times}`)
      .join(", ")}; ${result.differences} differences`,
  );
  process.exitCode = result.differences === 0 ? 0 : 1;
}
