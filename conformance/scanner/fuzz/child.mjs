// One fuzzing process: child.mjs COPY OPTIONS. It keeps what reaches new code as material and writes what goes wrong.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { mutateInner, mutatorFor } from "./mutate.mjs";
import { mutateBytes } from "./mutate-bytes.mjs";
import { Random } from "./random.mjs";
import { seeds } from "./seeds.mjs";
import { Target } from "./target.mjs";

const options = JSON.parse(process.argv[2]);
const target = await Target.open(options.copy);
const random = new Random(options.seed);
const MAX_INPUT = 64 * 1024;
const MAX_KEPT = 4000;
const SLOW = 1000;
const GROWTH = 300e6;

/** By format: the inputs to change, and what the parsers that they reach know. */
const families = new Map();
const problems = new Map();
const stats = { inputs: 0, past: 0, whole: 0, refused: 0, kept: 0, slowest: [], growth: 0 };

const shared = new SharedArrayBuffer(8 + 2 ** 20);
const status = new Int32Array(shared, 0, 2);
const current = new Uint8Array(shared, 8);
new Worker(new URL("./watcher.mjs", import.meta.url), {
  workerData: { shared, file: join(options.out, `hang-${process.pid}`) },
}).unref();

function family(format) {
  let found = families.get(format);
  if (!found) {
    found = {
      format,
      seeds: 0,
      entries: [],
      hot: 0,
      words: new Set(),
      numbers: new Set(),
      past: 0,
      whole: 0,
      inputs: 0,
    };
    families.set(format, found);
  }
  return found;
}

/** Compressed streams are one family each, whatever lies inside. */
const familyOf = (format) => format.replace(/\+.*$/, "");

function keep(format, name, data, files) {
  const into = family(familyOf(format));
  if (into.entries.length >= MAX_KEPT)
    into.entries.splice(into.seeds + random.below(into.entries.length - into.seeds), 1);
  into.entries.push({ name, data, picks: 0, kind: target.detect(data) });
  for (const file of files) {
    const { words, numbers } = target.literals[file] ?? { words: [], numbers: [] };
    for (const word of words) into.words.add(word);
    for (const number of numbers) into.numbers.add(number);
  }
  into.lists = undefined;
  return into;
}

function note(kind, name, data, detail) {
  const key = `${kind}: ${detail.replace(/\d{3,}/g, "N").slice(0, 160)}`;
  const seen = problems.get(key);
  if (seen) {
    seen.times++;
    if (data.length >= seen.size) return;
    seen.size = data.length;
  } else problems.set(key, { times: 1, size: data.length });
  const id = createHash("sha256").update(key).digest("hex").slice(0, 10);
  writeFileSync(join(options.out, "problems", `${kind}-${id}-${name.replace(/[^\w.-]/g, "_")}`), data);
}

/** Small limits, now and then: every limit must end in a report as well. */
function someLimits() {
  if (!random.chance(16)) return undefined;
  const all = {
    depth: 1,
    entries: 4,
    memberBytes: 600,
    totalBytes: 900,
    ratio: 2,
    bombBytes: 500,
    steps: 60,
    textBytes: 200,
    findings: 2,
    memoryBytes: 700,
    weightBytes: 5000,
    searchBytes: 3000,
  };
  const limits = {};
  for (let i = 1 + random.below(2); i > 0; i--) {
    const name = random.pick(Object.keys(all));
    limits[name] = all[name] + random.below(2 * all[name]);
  }
  return limits;
}

function execute(data, name, limits) {
  status[0]++;
  status[1] = data.length;
  current.set(data.subarray(0, 2 ** 20));
  const started = performance.now();
  const result = target.run(data, name, limits);
  const took = performance.now() - started;
  if (took > SLOW) confirmSlow(data, name, limits);
  else if (took > (stats.slowest.at(-1)?.took ?? 20)) remember(took, data, name, result.report?.format);
  // What takes hundreds of megabytes takes some time as well; asking each time costs more than most inputs.
  if (took > 20) checkPeak(data, name);
  for (const fault of result.faults) note("fault", name, data, fault);
  return { ...result, took };
}

let peak = process.resourceUsage().maxRSS;

function checkPeak(data, name) {
  const { maxRSS } = process.resourceUsage();
  const growth = (maxRSS - peak) * 1024;
  peak = maxRSS;
  stats.growth = Math.max(stats.growth, growth);
  if (growth > GROWTH) note("memory", name, data, `${Math.round(growth / 1e6)} MB`);
}

function remember(took, data, name, format) {
  stats.slowest.push({ took, size: data.length, name, format });
  stats.slowest.sort((a, b) => b.took - a.took);
  stats.slowest.length = Math.min(stats.slowest.length, 5);
}

/** The machine may be busy: only processor time counts. */
function confirmSlow(data, name, limits) {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 2; i++) {
    const before = process.cpuUsage();
    target.run(data, name, limits);
    const used = process.cpuUsage(before);
    best = Math.min(best, (used.user + used.system) / 1000);
  }
  remember(best, data, name, "confirmed");
  if (best > SLOW) note("slow", name, data, `${data.length} bytes`);
}

/** Texts, whose readers refuse one with any byte behind it. */
const TEXTS = new Set(["json", "text", "xml"]);

/** What must hold between two inputs. */
function relations(data, name, report) {
  if (random.chance(50)) {
    const again = target.run(data, name);
    if (JSON.stringify(again.report) !== JSON.stringify(report)) note("unsteady", name, data, report.format);
  }
  // A name that the end of the input cuts is another name with one byte more.
  const cut = report.findings.some(({ rule }) => rule === "pickle-broken");
  if (report.verdict === "malicious" && !cut && random.chance(20)) {
    const byte = TEXTS.has(target.detect(data)) ? 10 : random.below(256);
    const longer = target.run(Buffer.concat([data, Buffer.from([byte])]), name).report;
    if (longer?.verdict === "clean") note("appended", name, data, `${report.format} ${byte}`);
    else if (longer?.verdict !== "malicious") stats.weakened = (stats.weakened ?? 0) + 1;
  }
}

/** Of two, the one that has cost less so far: small inputs are changed more often than large ones. */
function pickEntry(entries) {
  const recent = entries[entries.length - 1 - random.below(Math.min(entries.length, 20))];
  let best = random.chance(3) ? recent : random.pick(entries);
  const other = random.pick(entries);
  const cost = ({ picks, data }) => (picks + 1) * (data.length + 300);
  if (cost(other) < cost(best)) best = other;
  best.picks++;
  return best;
}

/** Half of the rounds go to formats in which something new was found of late. */
function pickFamily(all) {
  if (random.chance(2)) return random.pick(all);
  let best = random.pick(all);
  for (let i = 0; i < 3; i++) {
    const other = random.pick(all);
    if (other.hot > best.hot) best = other;
  }
  best.hot = Math.max(0, best.hot - 1);
  return best;
}

function context(from) {
  from.lists ??= { words: [...from.words], numbers: [...from.numbers] };
  const made = {
    ...from.lists,
    globals: target.globals,
    other: () => random.pick(from.entries).data,
    seedContent: () => random.pick(payloads).data,
  };
  made.inner = mutateInner(made);
  return made;
}

let payloads = [];

/** A fault of a mutator is no finding about the scanner: it is counted, and bytes are changed instead. */
function changed(mutator, entry, surroundings) {
  try {
    return mutator(random, entry.data, surroundings);
  } catch (error) {
    stats.mutatorFaults = (stats.mutatorFaults ?? 0) + 1;
    if (stats.mutatorFaults <= 3) console.log(String(error.stack).split("\n").slice(0, 4).join(" "));
    return mutateBytes(random, entry.data, surroundings);
  }
}

function round(from) {
  const entry = pickEntry(from.entries);
  const surroundings = context(from);
  const mutator = random.chance(12) ? mutateBytes : mutatorFor(entry.data, entry.name);
  let data = changed(mutator, entry, surroundings);
  if (data.length > MAX_INPUT) data = data.subarray(0, MAX_INPUT);
  const name = random.chance(200) ? random.pick(NAMES) : entry.name;
  const limits = someLimits();
  const { report, fresh, files, took } = execute(data, name, limits);
  stats.inputs++;
  from.inputs++;
  if (!report) return;
  count(from, entry, data, report);
  if (!limits) relations(data, name, report);
  // What is slow teaches little for its time.
  if (fresh && took < 50) {
    stats.kept++;
    from.hot = Math.min(40, from.hot + 4);
    const into = keep(report.format, entry.name, Buffer.from(data), files);
    save(into.format, entry.name, data);
  }
}

/** Past the header: detected as its parent was, and given the same name in the end by its parser. */
function count(from, entry, data, report) {
  if (
    familyOf(report.format) !== from.format ||
    report.format.endsWith("+empty") ||
    UNREAD.has(from.format) ||
    target.detect(data) !== entry.kind
  )
    return;
  from.past++;
  stats.past++;
  if (report.findings.some(({ rule }) => REFUSED.test(rule))) stats.refused++;
  else {
    from.whole++;
    stats.whole++;
  }
}

/** Names of formats for which no parser ran. */
const UNREAD = new Set(["unknown", "empty", "image", "text", "native", "java", "pyc"]);
const REFUSED = /malformed|parser-failed|-broken$/;
const NAMES = [
  "m.bin",
  "m.pt",
  "m.pkl",
  "m.json",
  "m",
  "a.safetensors",
  "config.json",
  "a.h5",
  "a.npz",
  "a.txt",
  "a.onnx",
  "a.gguf",
  "a.yaml",
  "a.ipynb",
  "a.msgpack",
  "a.py",
  "a.xml",
];

function save(format, name, data) {
  const folder = join(options.out, "corpus", format.replace(/[^\w+-]/g, "_"));
  mkdirSync(folder, { recursive: true });
  const id = createHash("sha256").update(data).digest("hex").slice(0, 12);
  writeFileSync(join(folder, `${id}-${name}`), data);
}

function begin() {
  for (const { name, data } of [...seeds(options.seeds), ...(options.corpus ? corpus(options.corpus) : [])]) {
    const { report, files } = execute(data, name);
    if (!report) continue;
    const into = keep(report.format, name, data, files);
    into.seeds = into.entries.length;
  }
  payloads = [...families.values()]
    .flatMap(({ entries }) => entries)
    .filter(({ data }) => data.length < 4096);
}

function corpus(file) {
  return JSON.parse(readFileSync(file, "utf8")).map((path) => ({
    name: path.replace(/^.*\/[0-9a-f]{12}-/, ""),
    data: readFileSync(path),
  }));
}

function publish() {
  const perFamily = [...families.values()].map(({ format, past, whole, inputs, entries, seeds: begun }) => ({
    format,
    past,
    whole,
    inputs,
    kept: entries.length,
    seeds: begun,
  }));
  process.send?.({
    stats,
    families: perFamily,
    problems: [...problems],
    hits: Buffer.from(target.reached).toString("base64"),
    rss: process.memoryUsage.rss(),
  });
}

function checkGrowth() {
  if (process.memoryUsage.rss() < base + GROWTH) return;
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  if (rss > base + GROWTH)
    note(
      "growth",
      "process",
      Buffer.alloc(0),
      `rss ${Math.round(rss / 1e6)} MB, heap ${Math.round(heapUsed / 1e6)} MB`,
    );
}

begin();
const base = process.memoryUsage.rss();
let published = Date.now();
const only = options.only ? new RegExp(options.only) : undefined;
while (stats.past < options.inputs && Date.now() < options.until) {
  const all = [...families.values()].filter(
    ({ seeds: begun, entries, format }) =>
      entries.length > 0 && (begun > 0 || random.chance(8)) && (!only || only.test(format)),
  );
  for (let i = 0; i < 20; i++) {
    const from = pickFamily(all);
    for (let j = 0; j < 10; j++) round(from);
  }
  checkGrowth();
  if (Date.now() - published > 5000) {
    publish();
    published = Date.now();
    await new Promise(setImmediate);
  }
}
publish();
process.disconnect?.();
