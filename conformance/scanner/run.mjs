// Holds the scanner against real readers and writers, as far as Python has them: run.mjs [--python python3] [--long]
//
// Random pickles in CPython's own unpicklers, containers in the readers that are installed, files that the installed
// libraries write. Under two minutes; --long takes more of each.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { scanPath } from "../../packages/scanner/dist/index.js";
import { compare as compareContainers } from "./differential/containers.mjs";
import { compare as comparePickles } from "./differential/pickle.mjs";

const { values } = parseArgs({
  options: {
    python: { type: "string", default: "python3" },
    seed: { type: "string" },
    long: { type: "boolean", default: false },
  },
});
const { python, long } = values;
// The short run is the same every day, so that it fails for what changed; the long one looks for news.
const seed = Number(values.seed ?? (long ? Math.floor(Date.now() / 86_400_000) : 1));
const failures = [];

async function pickles() {
  const result = await comparePickles({
    count: long ? 100_000 : 5_000,
    seed,
    pythons: [python],
    modes: ["C", "python"],
  });
  failures.push(...result.examples);
  console.log(
    `pickles: ${result.streams} streams, ${result.events} events of CPython, ${result.differences} differences (seed ${seed})`,
  );
}

function containers() {
  const result = compareContainers({ count: long ? 5_000 : 300, seed, pythons: [python] });
  failures.push(...result.examples);
  for (const line of new Set(result.skipped)) console.log(line);
  const reached = Object.values(result.reached).reduce((sum, times) => sum + times, 0);
  console.log(
    `containers: ${result.files} files, ${reached} times a reader came to the pickle, ${result.differences} differences (seed ${seed})`,
  );
}

/** Files of the installed libraries; each must be clean. */
async function honest(script) {
  const folder = mkdtempSync(join(tmpdir(), "honest-"));
  try {
    const { stdout, error } = spawnSync(
      python,
      ["-B", fileURLToPath(new URL(script, import.meta.url)), folder],
      {
        encoding: "utf8",
        timeout: long ? 900_000 : 60_000,
        env: { ...process.env, OMP_NUM_THREADS: "1" },
      },
    );
    if (error) console.log(`skipped: what ${script} did not write in time (${error.code ?? error.message})`);
    for (const line of skippedParts(stdout)) console.log(`${line} (${script})`);
    const { files } = await scanPath(folder);
    const signals = files.filter(({ verdict }) => verdict !== "clean");
    for (const { path, verdict, findings } of signals) {
      failures.push(`${script}: ${path} is ${verdict}: ${findings.map(({ rule }) => rule).join(", ")}`);
    }
    console.log(`honest files: ${files.length} of ${script}, ${signals.length} with a signal`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** One line for all protocols and parts that a library's version lacks. */
function skippedParts(stdout) {
  const lines = stdout
    .split("\n")
    .filter((line) => /^skipped (\w+)[: ].*(No module|ModuleNotFound)|^skipped \w+$/.test(line));
  const names = lines.map((line) => line.split(/[ :]/)[1]);
  return names.length > 0 ? [`skipped: ${names.join(", ")}: not installed`] : [];
}

const version = spawnSync(python, ["-c", "import sys; print(sys.version.split()[0])"], { encoding: "utf8" });
if (version.status !== 0) {
  console.log(`skipped: there is no ${python}; nothing was compared`);
} else {
  console.log(`with Python ${version.stdout.trim()}`);
  await pickles();
  containers();
  for (const script of ["write-benign.py", "write-code.py"]) await honest(script);
  if (long)
    for (const script of ["write-benign-more.py", "write-repositories.py", "write-code-models.py"])
      await honest(script);
  else console.log("skipped: write-benign-more.py and write-repositories.py, which --long runs");
  for (const line of failures) console.log(line);
  console.log(
    failures.length === 0
      ? "the scanner saw what real readers see, and honest files are clean"
      : `${failures.length} differences`,
  );
  process.exitCode = failures.length === 0 ? 0 : 1;
}
