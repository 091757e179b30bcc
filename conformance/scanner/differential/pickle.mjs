// Runs random pickles in CPython's own unpicklers and in ours: pickle.mjs [--count N] [--seed N] [--python A,B] [--mode C,python] [--large]
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { scanBytes } from "../../../packages/scanner/dist/core/scan-bytes.js";
import { firstDifference } from "./compare.mjs";
import { file, largeFile, random } from "./generate.mjs";
import { trace } from "./trace.mjs";

const RECORDER = fileURLToPath(new URL("recorder.py", import.meta.url));
const DANGEROUS = new Set([
  "os system",
  "posix system",
  "builtins eval",
  "builtins exec",
  "__builtin__ eval",
  "subprocess Popen",
]);
const BATCH = 500;

class Python {
  constructor(command, mode) {
    this.name = `${command} ${mode}`;
    this.process = spawn(command, ["-I", "-B", RECORDER, mode], { stdio: ["pipe", "pipe", "ignore"] });
    this.lines = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
  }

  async run(cases) {
    for (const { settings, bytes } of cases) {
      const head = Buffer.alloc(5);
      head[0] = settings;
      head.writeUInt32LE(bytes.length, 1);
      this.process.stdin.write(Buffer.concat([head, bytes]));
    }
    const answers = [];
    for (const _ of cases) {
      const { value, done } = await this.lines.next();
      if (done) throw new Error(`${this.name} ended early`);
      answers.push(JSON.parse(value));
    }
    return answers;
  }

  end() {
    this.process.stdin.end();
  }
}

/** Which dangerous names CPython called, and which it only resolved. */
function reached(events) {
  const isDangerous = (number) =>
    events[number]?.[0] === "find" && DANGEROUS.has(`${events[number][1]} ${events[number][2]}`);
  return {
    called: events.some(([kind, callee]) => kind === "call" && isDangerous(callee)),
    found: events.some((_, number) => isDangerous(number)),
  };
}

/** What is wrong about one stream, in one line; undefined when nothing is. */
function judge({ settings, seen, verdict }, answer, python) {
  const loose = (settings & 3) >= 2;
  const { called, found } = reached(answer.events);
  if (called && verdict !== "malicious") return `CPython calls a dangerous name, our verdict is ${verdict}`;
  if (found && verdict === "clean") return "CPython imports a dangerous name, our verdict is clean";
  const theirs = answer.events.slice(0, answer.first);
  const difference = firstDifference(seen.events, theirs, loose);
  if (difference === undefined || (python && seen.hooked)) return undefined;
  if (seen.framed && firstDifference(seen.framed, theirs, loose) === undefined) return undefined;
  return `event ${difference.at}: CPython ${JSON.stringify(difference.theirs)}, we ${JSON.stringify(difference.ours)}`;
}

export async function compare({ count, seed, pythons, modes, large = false, show = 20 }) {
  const runners = pythons.flatMap((command) => modes.map((mode) => new Python(command, mode)));
  const result = { streams: 0, runs: 0, events: 0, called: 0, differences: 0, examples: [] };
  const batch = large ? 5 : BATCH;
  for (let from = 0; from < count; from += batch) {
    const cases = [];
    for (let i = from; i < Math.min(count, from + batch); i++) {
      const rng = random(seed * 1_000_003 + i);
      const bytes = large ? largeFile(rng) : file(rng);
      cases.push({
        number: i,
        settings: rng.below(48),
        bytes,
        seen: trace(bytes),
        verdict: scanBytes(bytes, "random.pkl").verdict,
      });
    }
    result.streams += cases.length;
    for (const [at, answers] of (await Promise.all(runners.map((runner) => runner.run(cases)))).entries()) {
      for (const [index, answer] of answers.entries())
        record(result, runners[at], cases[index], answer, show);
    }
  }
  for (const runner of runners) runner.end();
  return result;
}

function record(result, runner, one, answer, show) {
  result.runs++;
  result.events += answer.events.length;
  if (reached(answer.events).called) result.called++;
  const problem = judge(one, answer, runner.name.endsWith(" python"));
  if (problem === undefined) return;
  result.differences++;
  if (result.examples.length >= show) return;
  result.examples.push(
    `${runner.name}, stream ${one.number}, settings ${one.settings} (${answer.end}): ${problem}\n  ${one.bytes.toString("hex")}`,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      count: { type: "string", default: "20000" },
      seed: { type: "string", default: "1" },
      python: { type: "string", default: "python3" },
      mode: { type: "string", default: "C,python" },
      large: { type: "boolean", default: false },
      show: { type: "string", default: "20" },
    },
  });
  const result = await compare({
    count: Number(values.count),
    seed: Number(values.seed),
    pythons: values.python.split(","),
    modes: values.mode.split(","),
    large: values.large,
    show: Number(values.show),
  });
  for (const example of result.examples) console.log(example);
  console.log(
    `${result.streams} streams, ${result.runs} runs, ${result.events} events of CPython, ${result.called} runs that call a dangerous name: ${result.differences} differences`,
  );
  process.exitCode = result.differences === 0 ? 0 : 1;
}
