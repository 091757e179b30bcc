// Detection and speed of the scanner beside its peers:
//   node bench/scanner.mjs [--no-speed] [--no-detection] [--honest DIRECTORY] [--sample N] [--only NAME,...] [--write] [CORPUS...]
//
// A corpus is a directory with a MANIFEST.json that names files and what they are expected to be. `--honest` names a directory
// that conformance/scanner/write-benign.py has filled, of which a sample is scanned. Peers run when their commands are found
// (PEERS names the directories, joined by `:`); absent ones are skipped. Every figure is of a whole process, in one run: do it on a
// quiet machine. Prints Markdown; `--write` puts it into docs/comparison/scanner.md.
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkpoint, densePickle, zip } from "./scanner/files.mjs";
import { judgeFiles, scanners } from "./scanner/peers.mjs";

const root = fileURLToPath(new URL("../", import.meta.url));
const DOCUMENT = join(root, "docs/comparison/scanner.md");
const args = process.argv.slice(2);
const VALUED = ["--honest", "--sample", "--only"];
const flag = (name) => args.includes(name);
const option = (name) => (flag(name) ? args[args.indexOf(name) + 1] : undefined);
const named = args.filter((arg, at) => !arg.startsWith("--") && !VALUED.includes(args[at - 1]));
const shared = join(root, "../shared/data/scanner");
const corpora = named.length
  ? named
  : existsSync(shared)
    ? readdirSync(shared).map((name) => join(shared, name))
    : [];
if (corpora.length === 0) console.error("skipped: no corpus is here");

/** `{ title, directory, files: [{ file, expected }] }` */
function groups() {
  const found = corpora
    .filter((corpus) => existsSync(join(corpus, "MANIFEST.json")))
    .map((corpus) => realpathSync(corpus))
    .map((directory) => ({
      ...JSON.parse(readFileSync(join(directory, "MANIFEST.json"), "utf8")),
      directory,
    }));
  return found.map(({ corpus, directory, files }) => ({ title: corpus, directory, files }));
}

/** Every n-th of the honest files in the order of their digests, so that the sample is the same on every machine and has all kinds. */
function honest(directory, place) {
  const all = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const keyed = all.map((path) => ({
    path,
    key: createHash("sha256").update(path.slice(directory.length)).digest("hex"),
  }));
  const chosen = keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).slice(0, Number(option("--sample") ?? 200));
  mkdirSync(place);
  const files = chosen.map(({ path }, at) => {
    const file = `${String(at).padStart(4, "0")}${extname(path)}`;
    copyFileSync(path, join(place, file));
    return { file, expected: "benign" };
  });
  return { title: `honest files (${files.length} of ${all.length})`, directory: place, files };
}

function detection(all) {
  const place = realpathSync(mkdtempSync(join(tmpdir(), "bench-honest-")));
  try {
    const sets = groups();
    const honestDirectory = option("--honest");
    if (honestDirectory !== undefined) sets.push(honest(honestDirectory, join(place, "files")));
    const cells = all.map((scanner) => {
      console.error(`detection: ${scanner.label}`);
      const judged = sets.map((set) => ({
        set,
        ...judgeFiles(
          scanner,
          set.directory,
          set.files.map(({ file }) => file),
        ),
      }));
      return { label: scanner.label, judged };
    });
    return [...alarms(sets, cells), "", ...noise(sets, cells)];
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

const of = (set, expected) => set.files.filter((file) => file.expected === expected);
const count = (files, answers, wanted) =>
  files.filter(({ file }) => wanted.includes(answers.get(file))).length;

/** Malicious files: the alarm, and any signal. */
function alarms(sets, cells) {
  const shown = sets.filter((set) => of(set, "malicious").length > 0);
  const total = shown.reduce((sum, set) => sum + of(set, "malicious").length, 0);
  const head = shown.map((set) => `${set.title} (${of(set, "malicious").length})`);
  const rows = cells.map(({ label, judged }) => {
    const pairs = judged
      .filter(({ set }) => shown.includes(set))
      .map(({ set, answers }) => pairOf(of(set, "malicious"), answers));
    return row([
      label,
      ...pairs.map(told),
      told(summed(pairs)),
      judged.reduce((sum, { overruns }) => sum + overruns, 0),
    ]);
  });
  return table(["malicious files: alarm / any signal", ...head, `all (${total})`, "over time"], rows);
}

/** Benign files: false alarms, and any signal. */
function noise(sets, cells) {
  const shown = sets.filter((set) => of(set, "benign").length > 0);
  const head = shown.map((set) =>
    set.title.startsWith("honest") ? set.title : `${set.title} (${of(set, "benign").length})`,
  );
  const rows = cells.map(({ label, judged }) => {
    const pairs = judged
      .filter(({ set }) => shown.includes(set))
      .map(({ set, answers }) => pairOf(of(set, "benign"), answers));
    return row([label, ...pairs.map(told), told(summed(pairs))]);
  });
  const total = shown.reduce((sum, set) => sum + of(set, "benign").length, 0);
  return table(["benign files: false alarm / any signal", ...head, `all (${total})`], rows);
}

const pairOf = (files, answers) => [
  count(files, answers, ["alarm"]),
  count(files, answers, ["alarm", "signal"]),
];
const told = ([alarm, signal]) => `${alarm} / ${signal}`;
const summed = (pairs) => pairs.reduce(([a, b], [c, d]) => [a + c, b + d], [0, 0]);
const row = (cells) => `| ${cells.join(" | ")} |`;
const table = (head, rows) => [row(head), row(head.map(() => "---")), ...rows];

const LONGEST = 240;

/** Files to time: `bytes` where a rate means something. */
function timed(directory) {
  const paths = ["big.pt", "dense.pkl", "bomb.pt"].map((name) => join(directory, name));
  const [big, dense, bomb] = paths;
  checkpoint(big, 500);
  writeFileSync(dense, densePickle(13));
  writeFileSync(bomb, zip([["m/data.pkl", Buffer.alloc(300_000_000)]], true));
  const small = join(directory, "small");
  mkdirSync(small);
  const bytes = densePickle(0.0034);
  for (let at = 0; at < 1000; at++) writeFileSync(join(small, `${at}.pkl`), bytes);
  return [
    { title: "500 MB torch checkpoint", path: big, goal: "0.5 s with its SHA-256, 150 MB" },
    { title: "1,000 small pickles", path: small, goal: "0.4 s" },
    { title: "13 MB dense pickle", path: dense, goal: "30 MB/s (0.44 s)", rate: statSync(dense).size / 1e6 },
    { title: "300 MB zip bomb", path: bomb, goal: "flagged in 1 s, 200 MB", flag: true },
  ];
}

function speed(all) {
  const directory = mkdtempSync(join(tmpdir(), "bench-scanner-"));
  try {
    const files = timed(directory);
    const measured = all.map((scanner) => {
      console.error(`speed: ${scanner.label}`);
      return { scanner, cells: files.map((file) => measure(scanner, file)) };
    });
    const [ours] = measured;
    const rows = measured.map(({ scanner, cells }) =>
      row([
        scanner.label,
        ...cells.map((cell, at) => timeOf(cell, files[at], ours.cells[at], scanner === ours.scanner)),
      ]),
    );
    const goals = row(["goal", ...files.map(({ goal }) => goal)]);
    return table(["whole process, best of three", ...files.map(({ title }) => title)], [goals, ...rows]);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function measure(scanner, { path, flag: asks }) {
  if (scanner.single && statSync(path).isDirectory()) return { text: "one file at a time" };
  let best;
  // Whoever needs a minute is not asked again.
  for (let round = 0; round < 3 && (best === undefined || best.seconds < 60); round++) {
    const result = scanner.ask(scanner.path, path, LONGEST);
    if (result.overrun) return { text: `over ${LONGEST} s` };
    if (best === undefined || result.seconds < best.seconds) best = result;
  }
  const failed =
    best.status === null ||
    best.status > 2 ||
    /MemoryError|Cannot allocate/.test(`${best.stderr}${best.stdout}`);
  const answer = asks ? scanner.judge(best, path, path) : undefined;
  return { seconds: best.seconds, megabytes: best.megabytes, failed, answer };
}

function timeOf({ text, seconds, megabytes, failed, answer }, { rate }, ours, isOurs) {
  if (text !== undefined) return text;
  const parts = [`${seconds.toFixed(2)} s`];
  if (!isOurs && ours.seconds !== undefined) parts[0] += ` (${(seconds / ours.seconds).toFixed(1)}x)`;
  if (rate !== undefined && isOurs) parts.push(`${(rate / seconds).toFixed(0)} MB/s`);
  if (!Number.isNaN(megabytes)) parts.push(`${megabytes.toFixed(0)} MB`);
  if (failed) parts.push("failed");
  if (answer !== undefined) parts.push(answer === "none" ? "not flagged" : "flagged");
  return parts.join(", ");
}

/** Replaces what stands between a pair of markers. */
function write(name, lines) {
  const text = readFileSync(DOCUMENT, "utf8");
  const [start, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${DOCUMENT} has no place for ${name}`);
  writeFileSync(
    DOCUMENT,
    `${text.slice(0, from + start.length)}\n\n${lines.join("\n")}\n\n${text.slice(to)}`,
  );
}

const all = scanners(option("--only")?.split(","));
const parts = {
  ...(flag("--no-detection") ? {} : { detection: detection(all) }),
  ...(flag("--no-speed") ? {} : { speed: speed(all) }),
};
for (const [name, lines] of Object.entries(parts)) {
  console.log(`${lines.join("\n")}\n`);
  if (flag("--write")) write(name, lines);
}
