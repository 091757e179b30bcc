// How fast a model is named and signed, beside `openssl dgst -sha256` on the same files in the same run:
//   node bench/manifest.mjs [--size BYTES[K|M|G]] [--rounds N] [--folder DIR]      (or BENCH_SIZE, BENCH_ROUNDS)
// Prints a line of JSON and a line for people. Ratios above 1 mean faster than openssl on one core. The files are read once
// before, so that all see the same page cache; the best of the rounds counts, with the contestants in turn.
import { spawnSync } from "node:child_process";
import { randomFillSync } from "node:crypto";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const here = fileURLToPath(new URL(".", import.meta.url));
const { values: options } = parseArgs({
  options: {
    size: { type: "string", default: process.env.BENCH_SIZE ?? "4G" },
    rounds: { type: "string", default: process.env.BENCH_ROUNDS ?? "3" },
    folder: { type: "string", default: join(here, ".work/manifest") },
    child: { type: "string" },
  },
});

const MEGABYTE = 1024 * 1024;
const UNITS = { "": 1, K: 1024, M: MEGABYTE, G: 1024 * MEGABYTE };
const FILES = 4;
const PEER = process.env.OPENSSL ?? "openssl";
const KEPT = 0.1;

function bytesOf(text) {
  const [, number, unit] = /^(\d+)([KMG]?)$/.exec(text) ?? [];
  if (!number) throw new Error(`${text} is no size`);
  return Number(number) * UNITS[unit];
}

// The contestant runs in a process of its own, so that its memory is its own.

const children = {
  "one thread": { workers: 1 },
  "all threads": {},
  "shards, all threads": { shardSize: 64 * MEGABYTE },
};

async function child(job) {
  const { name, path, cache } = JSON.parse(job);
  const built = new URL("../packages/evidence/dist/index.js", import.meta.url);
  if (!existsSync(built)) throw new Error("run npm run build first");
  const { generateKey, keySigner, openHashCache, signModel } = await import(built);
  const signer = keySigner(generateKey().privatePem);
  const known = cache ? await openHashCache(cache, () => Date.now() + 60_000) : undefined;
  const started = performance.now();
  const { bundle } = await signModel(path, { signer, ...children[name], ...(known ? { cache: known } : {}) });
  const seconds = (performance.now() - started) / 1000;
  await known?.save();
  console.log(JSON.stringify({ seconds, rss: process.resourceUsage().maxRSS * 1024, bundle: bundle.length }));
}

function ours(name, path, extra = {}) {
  const job = JSON.stringify({ name, path, ...extra });
  const run = spawnSync(process.execPath, [fileURLToPath(import.meta.url), "--child", job], {
    encoding: "utf8",
  });
  if (run.status !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout);
}

function openssl(paths) {
  const started = performance.now();
  const run = spawnSync(PEER, ["dgst", "-sha256", ...paths], { stdio: "ignore" });
  if (run.status !== 0) throw new Error("openssl is needed as the peer");
  return { seconds: (performance.now() - started) / 1000 };
}

function makeFiles(folder, total) {
  const size = Math.floor(total / FILES);
  mkdirSync(folder, { recursive: true });
  const paths = Array.from({ length: FILES }, (_, i) => join(folder, `weights-${i}.bin`));
  const block = randomFillSync(Buffer.alloc(Math.min(size, 16 * MEGABYTE)));
  for (const path of paths) {
    if (existsSync(path) && statSync(path).size === size) continue;
    const file = openSync(path, "w");
    for (let at = 0; at < size; at += block.length) {
      block.writeDoubleLE(Math.random(), 0);
      writeSync(file, block, 0, Math.min(block.length, size - at));
    }
    closeSync(file);
  }
  return paths;
}

function best(runs) {
  return {
    seconds: Math.min(...runs.map(({ seconds }) => seconds)),
    rss: Math.max(...runs.map(({ rss = 0 }) => rss)),
  };
}

function main() {
  const bytes = bytesOf(options.size);
  const model = join(options.folder, "model");
  const paths = makeFiles(model, bytes);
  openssl(paths);
  const contestants = {
    openssl: () => openssl(paths),
    ...Object.fromEntries(Object.keys(children).map((name) => [name, () => ours(name, model)])),
  };
  const runs = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const [name, run] of Object.entries(contestants)) runs[name].push(run());
  }
  const result = Object.fromEntries(Object.entries(runs).map(([name, list]) => [name, best(list)]));
  return { bytes, result, again: signAgain(model) };
}

/** Signs, adds one small file, and signs again from the cache. */
function signAgain(model) {
  const cache = join(options.folder, "cache.json");
  const small = join(model, "config.json");
  rmSync(cache, { force: true });
  rmSync(small, { force: true });
  const first = ours("all threads", model, { cache });
  writeFileSync(small, "{}");
  utimesSync(small, 0, 0);
  const second = ours("all threads", model, { cache });
  rmSync(small);
  return { first: first.seconds, second: second.seconds };
}

function report({ bytes, result, again }) {
  const ratio = (name) => Number((result.openssl.seconds / result[name].seconds).toFixed(2));
  const line = {
    bench: "manifest",
    bytes,
    cores: availableParallelism(),
    opensslSeconds: Number(result.openssl.seconds.toFixed(2)),
    oneThread: ratio("one thread"),
    allThreads: ratio("all threads"),
    shards: ratio("shards, all threads"),
    againSeconds: Number(again.second.toFixed(3)),
    againShare: Number((again.second / again.first).toFixed(3)),
    rssMegabytes: Math.round(Math.max(...Object.values(result).map(({ rss }) => rss)) / MEGABYTE),
  };
  const goals = {
    oneThread: 0.7,
    allThreads: line.cores > 1 ? 1.3 : 0.7,
    rssMegabytes: 200,
    againShare: KEPT,
  };
  const met =
    line.oneThread >= goals.oneThread &&
    line.allThreads >= goals.allThreads &&
    line.rssMegabytes <= goals.rssMegabytes;
  console.log(JSON.stringify({ ...line, goals, met }));
  console.log(
    `manifest and signature of ${(bytes / UNITS.G).toFixed(2)} GiB: ${line.oneThread}x openssl on one thread, ` +
      `${line.allThreads}x on ${line.cores}, ${line.shards}x in shards; again after a small change ${line.againSeconds} s; ` +
      `${line.rssMegabytes} MB RSS: ${met ? "goals met" : "goals missed"}`,
  );
}

if (options.child) await child(options.child);
else report(main());
