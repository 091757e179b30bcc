// How each scanner is asked, and what its answer means: "alarm", "signal" (anything else that is no clean bill) or "none".
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./run.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Directories with the peers' commands, such as the `bin` of virtual environments, joined by `:`. */
const PLACES = (process.env.PEERS ?? "").split(":").filter((place) => place !== "");

function find(name) {
  const paths = PLACES.length > 0 ? PLACES.map((place) => join(place, name)) : [name];
  return paths.find((path) => !spawnSync(path, ["--help"], { stdio: "ignore" }).error);
}

function versionOf(path, packages) {
  const python = join(dirname(path), "python");
  const text = `import importlib.metadata as m; print(" with ".join(n + " " + m.version(n) for n in ${JSON.stringify(packages)}))`;
  return spawnSync(python, ["-c", text], { encoding: "utf8" }).stdout?.trim() || packages.join(" with ");
}

/** A report that the scanner writes to a file. */
function reported(seconds, command, args) {
  const directory = mkdtempSync(join(tmpdir(), "bench-peer-"));
  const output = join(directory, "report.json");
  try {
    const result = run(command, args(output), seconds);
    try {
      return { ...result, report: JSON.parse(readFileSync(output, "utf8")) };
    } catch {
      return result;
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const below = (source, path) =>
  source === path || source.startsWith(`${path}:`) || source.startsWith(`${path} `);

const SCANNERS = [
  {
    name: "picklescan",
    packages: ["picklescan", "py7zr"],
    ask: (path, target, seconds) => run(path, ["-p", target, "-g"], seconds),
    judge: ({ stdout, stderr }, file) => {
      const about = `${stdout}\n${stderr}`
        .split("\n")
        .filter((line) => line.includes(`${file}:`) || line.includes(`${file} `) || line.endsWith(file));
      if (about.some((line) => /dangerous import.*FOUND/.test(line))) return "alarm";
      return about.some((line) => /ERROR|WARNING|suspicious/i.test(line)) ? "signal" : "none";
    },
  },
  {
    name: "modelscan",
    packages: ["modelscan"],
    ask: (path, target, seconds) =>
      reported(seconds, path, (output) => ["-p", target, "-r", "json", "-o", output]),
    judge: ({ report }, file, target) => {
      if (report === undefined) return "signal";
      const name = file === target ? basename(file) : file.slice(target.length + 1);
      const has = (list) =>
        list.some(({ source }) => below(String(source), name) || below(String(source), file));
      return has(report.issues) ? "alarm" : has(report.errors) ? "signal" : "none";
    },
  },
  {
    name: "fickling",
    packages: ["fickling"],
    single: true,
    ask: (path, target, seconds) => run(path, ["--check-safety", target], seconds),
    // It ends with 1 for a fault of its own as well.
    judge: ({ status, stderr }) =>
      status === 1 && stderr.includes("Traceback")
        ? "signal"
        : ({ 0: "none", 1: "alarm" }[status] ?? "signal"),
  },
  {
    name: "modelaudit",
    packages: ["modelaudit"],
    ask: (path, target, seconds) =>
      reported(seconds, path, (output) => [
        "scan",
        target,
        "--format",
        "json",
        "--no-cache",
        "--output",
        output,
      ]),
    judge: ({ report }, file) => {
      if (report === undefined) return "signal";
      const about = report.issues
        .filter(({ location }) => below(String(location ?? ""), file))
        .map(({ severity }) => severity);
      if (about.includes("critical")) return "alarm";
      return about.includes("warning") || about.includes("error") ? "signal" : "none";
    },
  },
  {
    name: "aisbom",
    packages: ["aisbom-cli"],
    ask: (path, target, seconds) =>
      reported(seconds, path, (output) => [
        "scan",
        target,
        "--no-fail-on-risk",
        "--format",
        "json",
        "--output",
        output,
      ]),
    judge: ({ report }, file) => {
      if (report === undefined) return "signal";
      const risks = (report.components ?? [])
        .filter(({ name }) => basename(String(name)) === basename(file))
        .flatMap(({ properties = [] }) =>
          properties.filter(({ name }) => name === "aisbom:risk").map(({ value }) => value),
        );
      if (risks.some((risk) => /^(CRITICAL|HIGH)/.test(risk))) return "alarm";
      return risks.some((risk) => risk.startsWith("MEDIUM")) ? "signal" : "none";
    },
  },
];

const OURS = {
  name: "countersign",
  label: "countersign 0.1.0",
  path: process.execPath,
  ask: (path, target, seconds) => run(path, [join(root, "conformance/scanner/scan.mjs"), target], seconds),
  judge: ({ stdout }, file, target) => {
    const name = file === target ? basename(file) : file.slice(target.length + 1);
    try {
      const { verdict } = JSON.parse(stdout).files.find(({ path }) => path === name);
      return { malicious: "alarm", clean: "none" }[verdict] ?? "signal";
    } catch {
      return "signal";
    }
  },
};

/** Our scanner and the peers that are here and work; says which do not. */
export function scanners(only) {
  const found = SCANNERS.flatMap((scanner) => {
    if (only !== undefined && !only.includes(scanner.name)) return [];
    const path = find(scanner.name);
    if (path === undefined) console.error(`skipped: ${scanner.name} is not here`);
    return path === undefined ? [] : [{ ...scanner, path, label: versionOf(path, scanner.packages) }];
  });
  return [OURS, ...found].filter(works);
}

/** A peer that lacks a library would otherwise count as one that finds nothing, or everything. */
function works(scanner) {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), "bench-works-")));
  try {
    const files = { "bad.pkl": "cos\nsystem\n(S'id'\ntR.", "good.pkl": "(lp0\nI1\na." };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
    const { answers } = judgeFiles(scanner, directory, Object.keys(files));
    const right = answers.get("bad.pkl") === "alarm" && answers.get("good.pkl") !== "alarm";
    if (!right) console.error(`skipped: ${scanner.name} does not work here: ${JSON.stringify([...answers])}`);
    return right;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const PER_FILE_SECONDS = 20;

/** What a scanner says of each file of a directory; `overruns` counts those that took more than their time, and says "signal" of them. */
export function judgeFiles(scanner, directory, files) {
  const answers = new Map();
  let overruns = 0;
  const whole = scanner.single
    ? undefined
    : scanner.ask(scanner.path, directory, Math.min(1_800, 60 + files.length * 2));
  for (const file of files) {
    const path = join(directory, file);
    if (whole !== undefined && !whole.overrun) {
      answers.set(file, scanner.judge(whole, path, directory));
      continue;
    }
    const result = scanner.ask(scanner.path, path, PER_FILE_SECONDS);
    overruns += result.overrun ? 1 : 0;
    answers.set(file, result.overrun ? "signal" : scanner.judge(result, path, path));
  }
  return { answers, overruns };
}
