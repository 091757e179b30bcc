// What must hold between inputs: metamorphic.mjs [--dist DIR] [--limit N] [DIRECTORY...]
// Takes malicious pickles (its own, and those in the directories, such as a corpus of run.mjs) and checks that they stay
// malicious in every container, with bytes behind them, and cut anywhere behind what made them malicious.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { deflateSync, gzipSync } from "node:zlib";
import { BUILT } from "./built.mjs";
import { packLz4, packXz, packZip, packZstd, plainMember } from "./mutate-archives.mjs";
import { Random } from "./random.mjs";

const args = process.argv.slice(2);
const option = (name, fallback) => {
  const at = args.indexOf(name);
  return at < 0 ? fallback : args.splice(at, 2)[1];
};
const dist = resolve(option("--dist", new URL("../../../packages/scanner/dist", import.meta.url).pathname));
const limit = Number(option("--limit", 300));
const { scanBytes } = await import(pathToFileURL(join(dist, "core/scan-bytes.js")).href);

const ascii = (text) => Buffer.from(text, "latin1");
const number = (value, width) => {
  const bytes = Buffer.alloc(width);
  bytes.writeUIntLE(value, 0, Math.min(width, 6));
  return bytes;
};
const random = new Random(1);

function npy(pickle) {
  const header = `${"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }".padEnd(117)}\n`;
  return Buffer.concat([ascii("\x93NUMPY\x01\x00"), number(header.length, 2), ascii(header), pickle]);
}

function tar(pickle) {
  const header = Buffer.alloc(512);
  header.write("model.pkl", 0);
  header.write(`0000644\0${"0000000\0".repeat(2)}${pickle.length.toString(8).padStart(11, "0")}\0`, 100);
  header.write("        0", 148);
  header.write("ustar\x0000", 257, "latin1");
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return Buffer.concat([header, pickle, Buffer.alloc(((512 - (pickle.length % 512)) % 512) + 1024)]);
}

function sevenZip(pickle) {
  const length = Buffer.concat([Buffer.from([0xf0]), number(pickle.length, 4)]);
  const names = Buffer.concat([Buffer.from([0]), Buffer.from("model.pkl\0", "utf16le")]);
  const header = Buffer.concat([
    Buffer.from([1, 4, 6, 0, 1, 9]),
    length,
    Buffer.from([0, 7, 0x0b, 1, 0, 1, 1, 0, 0x0c]),
    length,
    Buffer.from([0, 0, 5, 1, 0x11, names.length]),
    names,
    Buffer.from([0, 0]),
  ]);
  return Buffer.concat([
    ascii("7z\xbc\xaf\x27\x1c\x00\x04\0\0\0\0"),
    number(pickle.length, 8),
    number(header.length, 8),
    Buffer.alloc(4),
    pickle,
    header,
  ]);
}

const zipped = (...members) =>
  packZip(
    random,
    members.map(([name, data, method]) => plainMember(name, data, method)),
  );
const wrapper = ascii(
  "\x80\x04\x8c\x12joblib.numpy_pickle\x8c\x11NumpyArrayWrapper\x93".replace("\x12", "\x13"),
);

function joblibArray(pickle) {
  const item = (text) => Buffer.concat([Buffer.from([0x8c, text.length]), ascii(text)]);
  return Buffer.concat([
    wrapper,
    ascii(")\x81}("),
    item("shape"),
    ascii("K\x01\x85"),
    item("dtype"),
    item("numpy"),
    item("dtype"),
    ascii("\x93"),
    item("O8"),
    ascii("\x85R"),
    item("order"),
    item("C"),
    ascii("ub"),
    pickle,
    ascii("."),
  ]);
}

const WRAPPINGS = {
  "m.zip": (pickle) => zipped(["model.pkl", pickle, 0]),
  "d.zip": (pickle) => zipped(["model.pkl", pickle, 8]),
  "odd.zip": (pickle) => zipped(["notes.txt", pickle, 8]),
  "m.pt": (pickle) => zipped(["archive/data.pkl", pickle, 0], ["archive/version", ascii("3\n"), 0]),
  "second.pt": (pickle) =>
    zipped(
      ["archive/data.pkl", ascii("\x80\x02}."), 0],
      ["archive/version", ascii("3\n"), 0],
      ["archive/extra.pkl", pickle, 0],
    ),
  "m.npz": (pickle) => zipped(["a.npy", npy(pickle), 8]),
  "m.npy": npy,
  "m.tar": tar,
  "m.tar.gz": (pickle) => gzipSync(tar(pickle)),
  "m.pkl.gz": (pickle) => gzipSync(pickle),
  "m.pkl.z": (pickle) => deflateSync(pickle),
  "m.zfile": (pickle) =>
    Buffer.concat([ascii(`ZF0x${pickle.length.toString(16)}`.padEnd(21)), deflateSync(pickle)]),
  "m.pkl.xz": packXz,
  "m.pkl.lz4": packLz4,
  "m.pkl.zst": packZstd,
  "m.7z": sevenZip,
  "m.joblib": joblibArray,
  "legacy.pt": (pickle) =>
    Buffer.concat([
      Buffer.from("80028a0a6cfc9c46f9206aa850192e80024de9032e80027d2e", "hex"),
      pickle,
      ascii("\x80\x02]."),
    ]),
  "after.pkl": (pickle) => Buffer.concat([ascii("\x80\x02}."), pickle]),
  "nested.zip": (pickle) => zipped(["a.tar.gz", gzipSync(tar(zipped(["m.pkl", pickle, 8]))), 0]),
  "behind.bin": (pickle) => Buffer.concat([Buffer.alloc(64), zipped(["m.pkl", pickle, 8])]),
  "raw.bin": (pickle) => pickle,
};

let checks = 0;
const broken = new Map();

/** torch's legacy files have five pickles: what lies behind them is hidden there, and no torch reads it. */
const enough = (verdict, what) => verdict === "malicious" || (what === "in legacy.pt" && verdict !== "clean");

function must(data, name, what) {
  checks++;
  const { verdict, findings } = scanBytes(data, name);
  if (enough(verdict, what)) return;
  const key = `${what}: ${verdict}`;
  const seen = broken.get(key) ?? {
    times: 0,
    example: data.toString("hex").slice(0, 400),
    rules: findings.map(({ rule }) => rule).slice(0, 4),
  };
  seen.times++;
  broken.set(key, seen);
}

function check(pickle) {
  for (const [name, wrap] of Object.entries(WRAPPINGS)) must(wrap(pickle), name, `in ${name}`);
  for (const byte of [0, 1, 0x0a, 0x28, 0x2e, 0x80, 0xff])
    must(Buffer.concat([pickle, Buffer.from([byte])]), "m.pkl", `with ${byte} behind`);
  const alarms = new Set(
    scanBytes(pickle, "m.pkl").findings.map(
      ({ rule, message, location }) => `${rule} ${message} ${location.offset}`,
    ),
  );
  let alarmed = false;
  for (let cut = 1; cut < Math.min(pickle.length, 400); cut++) {
    const part = pickle.subarray(0, cut);
    if (alarmed) must(part, "m.pkl", "cut");
    else alarmed = isAlarmed(part, alarms);
  }
}

/** Malicious for something that the whole pickle is reported for as well: a name cut short is another name. */
function isAlarmed(part, alarms) {
  const { verdict, findings } = scanBytes(part, "m.pkl");
  if (verdict !== "malicious") return false;
  return findings.some(
    ({ rule, message, severity, location }) =>
      severity === "critical" && alarms.has(`${rule} ${message} ${location.offset}`),
  );
}

function list(path) {
  return statSync(path).isDirectory()
    ? readdirSync(path).flatMap((name) => list(join(path, name)))
    : [readFileSync(path)];
}

const given = args.flatMap(list).filter((data) => data.length < 4096);
// Without a name that promises a pickle: where the name alone makes it one, a broken start counts for less elsewhere.
const all = [...Object.values(BUILT), ...given].filter((data) => {
  const { verdict, format } = scanBytes(data, "notes.txt");
  return verdict === "malicious" && format === "pickle";
});
while (all.length > limit) all.splice(random.below(all.length), 1);
for (const pickle of all) check(pickle);
console.log(JSON.stringify({ pickles: all.length, checks, broken: [...broken] }, null, 1));
process.exitCode = broken.size > 0 ? 1 : 0;
