// Holds the built decoders against what write-streams.py wrote: check-streams.mjs CASES.json
import { readFileSync } from "node:fs";

const built = (path) => import(`../../packages/scanner/dist/${path}.js`);
const { collect } = await built("archive/unpack");
const { MemorySpool } = await built("core/spill");
const { bytesSource } = await built("core/source");
const { gunzip } = await built("archive/gzip");
const { bunzip2 } = await built("archive/bzip2");
const { unxz } = await built("archive/xz");
const { unlzma } = await built("archive/lzma");
const { unlz4 } = await built("archive/lz4");
const { unzstd } = await built("archive/zstd");
const UNPACKERS = { gz: gunzip, bz2: bunzip2, xz: unxz, lzma: unlzma, lz4: unlz4, zst: unzstd };
const LIMIT = 1_000_000;

const counts = {};
let wrong = 0;
for (const [kind, packed, given] of JSON.parse(readFileSync(process.argv[2] ?? "cases.json", "utf8"))) {
  const source = bytesSource(Buffer.from(packed, "base64"));
  const expected = Buffer.from(given, "base64");
  const unpacked = collect(new MemorySpool(LIMIT), (out) => UNPACKERS[kind](source, out), LIMIT);
  const same = unpacked.source.read(0, expected.length).equals(expected);
  if (!same) console.log(`${kind}: ${source.size} bytes give less than in Python: ${unpacked.error}`);
  if (!same) wrong++;
  const key = `${kind} ${unpacked.error === undefined ? "whole" : "damaged"}`;
  counts[key] = (counts[key] ?? 0) + 1;
}
console.log(counts);
process.exitCode = wrong === 0 ? 0 : 1;
