// Mutates real files and feeds them to the built scanner: fuzz.mjs [--count N] [--seed N] DIRECTORY...
// Prints what is slow (> 1 s), throws, or grows memory beyond 300 MB. Exit 1 when there is any.
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { scanBytes } from "../../packages/scanner/dist/index.js";

const args = process.argv.slice(2);
const option = (name, fallback) => {
  const at = args.indexOf(name);
  return at < 0 ? fallback : Number(args.splice(at, 2)[1]);
};
const count = option("--count", 100_000);
let state = option("--seed", 1);
const seeds = args.flatMap(list).filter(({ data }) => data.length <= 16_384);
const verdicts = {};
const problems = [];
let base = 0;

/** xorshift32: repeatable without a dependency. */
function random(limit) {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % limit;
}

function list(directory) {
  return readdirSync(directory).flatMap((name) => {
    const path = join(directory, name);
    return statSync(path).isDirectory() ? list(path) : [{ name, data: readFileSync(path) }];
  });
}

function mutate(seed) {
  let data = Buffer.from(seed);
  const changes = 1 + random(6);
  for (let i = 0; i < changes; i++) {
    const at = random(data.length + 1);
    const kind = random(7);
    if (kind <= 2 && data.length > 0) data[Math.min(at, data.length - 1)] = random(256);
    else if (kind === 3) data = Buffer.concat([data.subarray(0, at), data.subarray(at + 1 + random(16))]);
    else if (kind === 4)
      data = Buffer.concat([
        data.subarray(0, at),
        Buffer.alloc(1 + random(16), random(256)),
        data.subarray(at),
      ]);
    else if (kind === 5) {
      const other = seeds[random(seeds.length)].data;
      const from = random(other.length + 1);
      data = Buffer.concat([data.subarray(0, at), other.subarray(from, from + 64), data.subarray(at)]);
    } else if (data.length >= 8)
      data.writeUInt32LE([0, 1, 0x7fffffff, 0xffffffff][random(4)], Math.min(at, data.length - 4));
  }
  return data;
}

for (let i = 0; i < count; i++) {
  const seed = seeds[random(seeds.length)];
  const data = mutate(seed.data);
  const started = performance.now();
  try {
    const { verdict } = scanBytes(data, seed.name);
    verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
  } catch (error) {
    note("threw", seed, data, String(error));
  }
  const took = performance.now() - started;
  if (took > 1000) note("slow", seed, data, `${took.toFixed(0)} ms`);
  if (i % 100 === 0) await new Promise(setImmediate);
  if (i % 1000 === 0) {
    const { rss } = process.memoryUsage();
    base ||= rss;
    if (rss > base + 300e6) note("memory", seed, data, `${(rss / 1e6).toFixed(0)} MB`);
  }
}

function note(kind, seed, data, detail) {
  problems.push({ kind, seed: seed.name, detail });
  if (problems.length <= 20)
    writeFileSync(join(process.env.FUZZ_OUT ?? ".", `fuzz-${kind}-${problems.length}-${seed.name}`), data);
}

console.log(
  JSON.stringify({
    count,
    seeds: seeds.length,
    verdicts,
    problems: problems.slice(0, 20),
    rssMb: process.memoryUsage().rss / 1e6,
  }),
);
process.exitCode = problems.length > 0 ? 1 : 0;
