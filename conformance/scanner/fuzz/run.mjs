// Fuzzes the built scanner: run.mjs [--inputs N] [--minutes N] [--jobs N] [--seed N] [--out DIR] [--corpus DIR] [--seeds DIR] [--only REGEXP] [--dist DIR]
// It ends after the minutes, or when N inputs got past their format's header. Exit 1 when something went wrong. See ../README.md.
import { fork } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { summary, table } from "./coverage.mjs";
import { instrument } from "./instrument.mjs";

const args = process.argv.slice(2);
const option = (name, fallback) => {
  const at = args.indexOf(name);
  return at < 0 ? fallback : args.splice(at, 2)[1];
};
const inputs = Number(option("--inputs", 100_000));
const until = Date.now() + Number(option("--minutes", 1e6)) * 60_000;
const jobs = Number(option("--jobs", 1));
const seed = Number(option("--seed", 1));
const out = option("--out", "fuzz-out");
const corpus = option("--corpus", undefined);
const extra = option("--seeds", undefined);
const dist = option("--dist", undefined);
const only = option("--only", undefined);

function list(directory) {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    return entry.isDirectory() ? list(path) : [path];
  });
}

mkdirSync(join(out, "problems"), { recursive: true });
const begun = corpus === undefined ? undefined : join(out, "begin.json");
if (begun) writeFileSync(begun, JSON.stringify(list(corpus)));
const { target, points, literals } = instrument(dist);
writeFileSync(join(target, "points.json"), JSON.stringify({ points, literals }));

const started = Date.now();
const latest = new Map();
const ended = [];
const reached = new Uint8Array(points.length);

function work(number, todo, attempt = 0) {
  return new Promise((resolve) => {
    const options = {
      copy: target,
      seed: seed * 1000 + number * 50 + attempt,
      out,
      inputs: todo,
      corpus: begun,
      seeds: extra ? [extra] : [],
      only,
      until,
    };
    const child = fork(new URL("./child.mjs", import.meta.url), [JSON.stringify(options)], {
      execArgv: ["--expose-gc", "--max-old-space-size=1024"],
    });
    let last;
    child.on("message", (message) => {
      last = message;
      latest.set(number, message);
      Buffer.from(message.hits, "base64").forEach((bits, index) => {
        reached[index] |= bits;
      });
    });
    child.on("exit", (code, signal) => {
      if (last) ended.push(last);
      latest.delete(number);
      if (code === 0) return resolve();
      console.log(
        `a process ended with ${code ?? signal}; its input is in ${out}/hang-${child.pid} if it hung`,
      );
      writeFileSync(join(out, "problems", `ended-${child.pid}`), String(code ?? signal));
      resolve(attempt < 20 ? work(number, todo - (last?.stats.past ?? 0), attempt + 1) : undefined);
    });
  });
}

function progress() {
  const all = [...ended, ...latest.values()];
  const sum = (key) => all.reduce((total, { stats }) => total + (stats[key] ?? 0), 0);
  const { branches } = summary(points, reached);
  const problems = new Set(all.flatMap((each) => each.problems.map(([key]) => key)));
  return {
    seconds: Math.round((Date.now() - started) / 1000),
    inputs: sum("inputs"),
    past: sum("past"),
    whole: sum("whole"),
    kept: sum("kept"),
    weakened: sum("weakened"),
    mutatorFaults: sum("mutatorFaults"),
    branches,
    problems: problems.size,
    rssMb: all.map(({ rss }) => Math.round(rss / 1e6)),
  };
}

function writeMissed() {
  const missed = points.filter((_, index) => reached[index] === 0);
  writeFileSync(join(out, "coverage.json"), JSON.stringify({ missed }, null, 1));
}

const timer = setInterval(() => {
  console.log(JSON.stringify(progress()));
  writeMissed();
}, 30_000);
await Promise.all(Array.from({ length: jobs }, (_, number) => work(number, Math.ceil(inputs / jobs))));
clearInterval(timer);
const problems = ended.flatMap((each) => each.problems);
const slowest = ended.flatMap(({ stats }) => stats.slowest).sort((a, b) => b.took - a.took);
const growth = Math.round(Math.max(...ended.map(({ stats }) => stats.growth)) / 1e6);
console.log(table(points, reached, ended));
console.log(
  JSON.stringify({ ...progress(), problems, slowest: slowest.slice(0, 5), growthMb: growth }, null, 1),
);
writeMissed();
rmSync(target, { recursive: true });
process.exitCode = readdirSync(join(out, "problems")).length > 0 ? 1 : 0;
