// Detection and speed of the scanner beside its peers: node bench/scanner.mjs [--markdown] [--no-speed] [CORPUS...]
//
// A corpus is a directory with a MANIFEST.json that names files and what they are expected to be. Peers run when their
// commands are found (PEERS names a directory with them, such as a virtual environment's bin); absent ones are skipped.
// Every figure is of a whole process. Run it on a quiet machine.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { deflateRawSync } from "node:zlib";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const args = process.argv.slice(2);
const flag = (name) => args.includes(name);
const named = args.filter((arg) => !arg.startsWith("--"));
const shared = join(root, "../shared/data/scanner");
const corpora = named.length
  ? named
  : existsSync(shared)
    ? readdirSync(shared).map((name) => join(shared, name))
    : [];

const bin = (name) => {
  const path = process.env.PEERS ? join(process.env.PEERS, name) : name;
  return spawnSync(path, ["--help"], { stdio: "ignore" }).error ? undefined : path;
};

/** Each peer scans a corpus and answers "alarm", "signal" or "none" per file. */
const PEERS = [
  { name: "picklescan", judge: judgePicklescan },
  { name: "modelscan", judge: judgeModelscan },
  { name: "fickling", judge: judgeFickling },
];

/** Prints a line per dangerous import; other lines name files that it could not read. */
function judgePicklescan(path, corpus, files) {
  const { stdout, stderr } = run(path, ["-p", corpus, "-g"]);
  const lines = `${stdout}\n${stderr}`.split("\n");
  return new Map(
    files.map((file) => {
      const about = lines.filter((line) => line.includes(`${file}:`) || line.includes(`${file} `));
      if (about.some((line) => /dangerous import.*FOUND/.test(line))) return [file, "alarm"];
      return [file, about.some((line) => /ERROR|WARNING|suspicious/i.test(line)) ? "signal" : "none"];
    }),
  );
}

function judgeModelscan(path, corpus, files) {
  const output = join(mkdtempSync(join(tmpdir(), "bench-peer-")), "report.json");
  run(path, ["-p", corpus, "-r", "json", "-o", output]);
  const { issues, errors } = JSON.parse(readFileSync(output, "utf8"));
  rmSync(dirname(output), { recursive: true });
  const about = (list, file) => list.some(({ source }) => String(source).split(":")[0] === file);
  return new Map(
    files.map((file) => [file, about(issues, file) ? "alarm" : about(errors, file) ? "signal" : "none"]),
  );
}

function judgeFickling(path, corpus, files) {
  const answers = { 0: "none", 1: "alarm" };
  return new Map(
    files.map((file) => [
      file,
      answers[run(path, ["--check-safety", join(corpus, file)]).status] ?? "signal",
    ]),
  );
}

function run(command, argv) {
  const started = performance.now();
  const result = spawnSync(command, argv, { encoding: "utf8", maxBuffer: 1e9, timeout: 120_000 });
  return { ...result, seconds: (performance.now() - started) / 1000 };
}

const scan = (path) => run(process.execPath, [join(root, "conformance/scanner/scan.mjs"), path]);

function judgeOurs(_, corpus) {
  const { files } = JSON.parse(scan(corpus).stdout);
  return new Map(
    files.map(({ path, verdict }) => [path, { malicious: "alarm", clean: "none" }[verdict] ?? "signal"]),
  );
}

function detect() {
  const sets = corpora
    .filter((corpus) => existsSync(join(corpus, "MANIFEST.json")))
    .map((corpus) => ({ ...JSON.parse(readFileSync(join(corpus, "MANIFEST.json"), "utf8")), corpus }));
  const judges = [{ name: "countersign", path: process.execPath, judge: judgeOurs }];
  for (const { name, judge } of PEERS) {
    const path = bin(name);
    if (path) judges.push({ name, path, judge });
    else console.error(`skipped: ${name} is not here`);
  }
  return judges.map(({ name, path, judge }) => {
    const row = { name, malicious: 0, alarm: 0, signal: 0, benign: 0, falseAlarm: 0, falseSignal: 0 };
    for (const { corpus, files } of sets) {
      const answers = judge(
        path,
        corpus,
        files.map(({ file }) => file),
      );
      for (const { file, expected } of files) count(row, expected, answers.get(file) ?? "signal");
    }
    return row;
  });
}

function count(row, expected, answer) {
  if (expected === "suspicious") return;
  const [alarm, signal] = expected === "malicious" ? ["alarm", "signal"] : ["falseAlarm", "falseSignal"];
  row[expected]++;
  row[alarm] += answer === "alarm" ? 1 : 0;
  row[signal] += answer !== "none" ? 1 : 0;
}

/** A zip file as torch writes it: a pickle, and storages that it names. */
function checkpoint(path, megabytes) {
  const storage = Buffer.alloc(megabytes * 1024 * 1024, 1);
  const key = (text) => Buffer.concat([Buffer.from([0x58, text.length, 0, 0, 0]), Buffer.from(text)]);
  const elements = Buffer.alloc(5);
  elements[0] = 0x4a;
  elements.writeUInt32LE(storage.length / 4, 1);
  const pickle = Buffer.concat([
    Buffer.from([0x80, 2]),
    Buffer.from("(", "latin1"),
    key("storage"),
    Buffer.from("ctorch\nFloatStorage\n"),
    key("0"),
    key("cpu"),
    elements,
    Buffer.from("tQ.", "latin1"),
  ]);
  writeFileSync(
    path,
    zip([
      ["m/data.pkl", pickle],
      ["m/version", Buffer.from("3\n")],
      ["m/data/0", storage],
    ]),
  );
}

function zip(members, deflate = false) {
  const parts = [];
  const central = [];
  let offset = 0;
  for (const [name, data] of members) {
    const packed = deflate ? deflateRawSync(data) : data;
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(deflate ? 8 : 0, 4);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(data.length, 18);
    fields.writeUInt16LE(name.length, 22);
    parts.push(Buffer.from("PK\x03\x04", "latin1"), fields, Buffer.from(name), packed);
    const at = Buffer.alloc(14);
    at.writeUInt32LE(offset, 10);
    central.push(Buffer.from("PK\x01\x02\x14\x00", "latin1"), fields, at, Buffer.from(name));
    offset += 30 + name.length + packed.length;
  }
  const size = central.reduce((sum, { length }) => sum + length, 0);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, ...central, end]);
}

/** Many small values: what a pickle machine is slowest at. */
function densePickle(megabytes) {
  const record = Buffer.concat([
    Buffer.from("}(", "latin1"),
    Buffer.from([0x8c, 2]),
    Buffer.from("idK\x07", "latin1"),
    Buffer.from([0x8c, 4]),
    Buffer.from("name"),
    Buffer.from([0x8c, 5]),
    Buffer.from("value"),
    Buffer.from([0x94, 0x8c, 1]),
    Buffer.from("t", "latin1"),
    Buffer.from("K\x01K\x02\x86u", "latin1"),
  ]);
  const count = Math.floor((megabytes * 1024 * 1024) / record.length);
  return Buffer.concat([Buffer.from([0x80, 4, 0x5d, 0x28]), ...Array(count).fill(record), Buffer.from("e.")]);
}

function speed() {
  const directory = mkdtempSync(join(tmpdir(), "bench-scanner-"));
  const rows = [];
  const time = (name, path, goal) => {
    const seconds = [1, 2, 3].map(() => scan(path).seconds);
    rows.push({ name, seconds: Math.min(...seconds), goal, megabytes: statSync(path).size / 1e6 });
  };
  try {
    checkpoint(join(directory, "big.pt"), 500);
    time("500 MB torch checkpoint, with SHA-256", join(directory, "big.pt"), "<= 0.5 s");
    rmSync(join(directory, "big.pt"));
    writeFileSync(join(directory, "dense.pkl"), densePickle(13));
    time("13 MB dense pickle", join(directory, "dense.pkl"), ">= 30 MB/s");
    rmSync(join(directory, "dense.pkl"));
    writeFileSync(join(directory, "bomb.pt"), zip([["m/data.pkl", Buffer.alloc(300_000_000)]], true));
    time("300 MB zip bomb", join(directory, "bomb.pt"), "< 1 s");
    rmSync(join(directory, "bomb.pt"));
    const small = densePickle(0.0034);
    for (let i = 0; i < 1000; i++) writeFileSync(join(directory, `${i}.pkl`), small);
    time("1,000 small pickles", directory, "<= 0.4 s");
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  return rows;
}

const detection = detect();
const lines = [
  "| scanner | malicious: alarm | malicious: any signal | benign: false alarm | benign: any signal |",
  "|---|---|---|---|---|",
];
for (const row of detection) {
  lines.push(
    `| ${row.name} | ${row.alarm} of ${row.malicious} | ${row.signal} of ${row.malicious} | ${row.falseAlarm} of ${row.benign} | ${row.falseSignal} of ${row.benign} |`,
  );
}
if (!flag("--no-speed")) {
  lines.push("", "| whole process | seconds | goal |", "|---|---|---|");
  for (const row of speed()) lines.push(`| ${row.name} | ${row.seconds.toFixed(2)} | ${row.goal} |`);
}
console.log(lines.join("\n"));
