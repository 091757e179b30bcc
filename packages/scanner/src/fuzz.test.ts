import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bunzip2 } from "./archive/bzip2.js";
import { unlz4 } from "./archive/lz4.js";
import { unlzma } from "./archive/lzma.js";
import { collect, type Unpacker } from "./archive/unpack.js";
import { unxz } from "./archive/xz.js";
import { unzstd } from "./archive/zstd.js";
import type { FileReport } from "./core/report.js";
import { scanBytes } from "./core/scan-bytes.js";
import { bytesSource } from "./core/source.js";
import { MemorySpool } from "./core/spill.js";
import { bytes, global, PAYLOAD, tar, text, u32, u64, zip } from "./testing/assemble.js";
import { cpuTime } from "./testing/cpu-time.js";

/** One good beginning per parser, so that mutations get past the headers. */
const npyHeader = "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n";
const SEEDS: Record<string, Buffer> = {
  pickle: PAYLOAD,
  frames: bytes(
    0x80,
    4,
    0x95,
    u64(30),
    global("numpy", "dtype"),
    text("f8"),
    0x85,
    0x94,
    "R",
    0x94,
    "(h\x00h\x01e.",
  ),
  text: bytes("(dp0\nS'a'\np1\nI1\nsV\\u0041\np2\n(lp3\nF1.5\nasL3L\nI01\nsg3\ncos\nsystem\n(g2\ntRb."),
  joblib: bytes(
    0x80,
    4,
    global("joblib.numpy_pickle", "NumpyArrayWrapper"),
    ")",
    0x81,
    "}(",
    text("shape"),
    "K\x02",
    0x85,
    text("dtype"),
    global("numpy", "dtype"),
    text("f8"),
    0x85,
    "R",
    text("order"),
    text("C"),
    "ub",
    Buffer.alloc(16),
    ".",
  ),
  zip: zip(
    { name: "m/data.pkl", data: PAYLOAD, deflate: true },
    { name: "m/version", data: Buffer.from("3") },
  ),
  keras: zip({
    name: "config.json",
    data: Buffer.from('{"class_name":"Lambda","config":{"function":["x"]}}'),
  }),
  tar: tar("a/b.pkl", PAYLOAD),
  gzip: gzipSync(PAYLOAD),
  safetensors: bytes(u64(59), '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}     ', u32(0)),
  npy: bytes("\x93NUMPY\x01\x00", npyHeader.length, 0, npyHeader, PAYLOAD),
  gguf: bytes(
    "GGUF",
    u32(3),
    u64(1),
    u64(1),
    u64(13),
    "chat_template",
    u32(8),
    u64(9),
    "{{ x.y }}",
    u64(1),
    "t",
    u32(1),
    u64(4),
    u32(0),
    u64(0),
  ),
  onnx: bytes(
    0x08,
    8,
    0x3a,
    20,
    0x0a,
    18,
    0x22,
    3,
    "Add",
    0x2a,
    8,
    0x0a,
    1,
    "a",
    0x6a,
    3,
    0x0a,
    1,
    "x",
    0x3a,
    1,
    "d",
    0x42,
    2,
    0x10,
    17,
  ),
  hdf5: bytes(
    "\x89HDF\r\n\x1a\n",
    0,
    0,
    0,
    0,
    0,
    8,
    8,
    0,
    4,
    0,
    16,
    0,
    0,
    0,
    0,
    0,
    u64(0),
    u64(2n ** 64n - 1n),
    u64(300),
    u64(2n ** 64n - 1n),
    u64(0),
    u64(96),
    u32(1),
    u32(0),
    u64(136),
    u64(200),
    1,
    0,
    1,
    0,
    u32(1),
    u32(24),
    u32(0),
    0x11,
    0,
    16,
    0,
    0,
    0,
    0,
    0,
    u64(136),
    u64(200),
    "TREE",
    0,
    0,
    1,
    0,
    u64(0),
    u64(0),
    u64(0),
    u64(96),
    '{"class_name": "Lambda", "config": {}}',
    Buffer.alloc(120),
  ),
  tflite: bytes(u32(16), "TFL3", Buffer.alloc(8), u32(8), 8, 0, 8, 0, 4, 0, 4, 0, Buffer.alloc(64)),
  savedmodel: bytes(0x08, 1, 0x12, 14, 0x12, 12, 0x0a, 10, 0x0a, 1, "a", 0x12, 5, "PyFun"),
  sevenzip: bytes(
    "7z\xbc\xaf\x27\x1c\x00\x04",
    u32(0),
    u64(0),
    u64(30),
    u32(0),
    1,
    4,
    6,
    0,
    1,
    9,
    4,
    0,
    7,
    0x0b,
    1,
    0,
    1,
    1,
    0,
    0x0c,
    4,
    0,
    0,
    5,
    1,
    0x11,
    5,
    0,
    "a\0\0\0",
    0,
    0,
    0,
    0,
    0,
  ),
  xz: Buffer.from("fd377a585a000004e6d6b4460200210116000000742fe5a30100022e2e2e000000000000", "hex"),
  lzma: Buffer.from("5d00008000ffffffffffffffff00171b2b9e0000", "hex"),
  bzip2: Buffer.from("425a68393141592653590e09e2df000000010000200020002100824613", "hex"),
  json: Buffer.from(
    '{"auto_map":{"a":"b"},"chat_template":"{{ a|attr(\'b\') }}","_target_":"os.system","class_name":"x","config":{}}',
  ),
  yaml: Buffer.from("a: !!python/object/apply:os.system\n_target_: a.b\n"),
  xml: Buffer.from("<?xml version='1.0'?><PMML><script>1</script></PMML>"),
  python: Buffer.from("import os\ndef f():\n  '''x'''\n  os.system('a')\n"),
  legacy: bytes(
    Buffer.from("80028a0a6cfc9c46f9206aa850192e80024de9032e80027d2e", "hex"),
    0x80,
    2,
    "}.",
    0x80,
    2,
    "].",
  ),
};

interface Mutation {
  kind: number;
  at: number;
  value: number;
  length: number;
}

const mutations = fc.array(
  fc.record({
    kind: fc.integer({ min: 0, max: 5 }),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    value: fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0, 0x7f, 0x80, 0xff, 0x28, 0x52, 0x2e)),
    length: fc.integer({ min: 1, max: 24 }),
  }),
  { minLength: 1, maxLength: 8 },
);

function mutate(seed: Buffer, changes: readonly Mutation[]): Buffer {
  let data = Buffer.from(seed);
  for (const { kind, at, value, length } of changes) {
    const from = Math.floor(at * data.length);
    if (kind === 0 && data.length > 0) data[Math.min(from, data.length - 1)] = value;
    else if (kind === 1) data = Buffer.concat([data.subarray(0, from), data.subarray(from + length)]);
    else if (kind === 2)
      data = Buffer.concat([data.subarray(0, from), Buffer.alloc(length, value), data.subarray(from)]);
    else if (kind === 3) data = Buffer.concat([data, data.subarray(from, from + 64)]);
    else if (kind === 4) data = Buffer.from(data.subarray(0, from));
    else if (data.length >= from + 4)
      data.writeUInt32LE(value * 0x01010101, Math.max(0, Math.min(from, data.length - 4)));
  }
  return data;
}

/** The same inputs each time; `conformance/scanner/fuzz` looks for new ones. */
const OPTIONS = {
  numRuns: Number(process.env.FUZZ_RUNS ?? 200),
  seed: Number(process.env.FUZZ_SEED ?? 20_261_121),
};

/** What the engine says of a mistake in a parser, which is no refusal of the input. */
const MISTAKE =
  /out of range|outside buffer bounds|Cannot (?:read|set|convert)|is not (?:a function|iterable)|Invalid (?:array|typed array|string) length/;

function mistakes({ findings }: FileReport): string[] {
  const failed = findings.filter(({ rule }) => rule === "parser-failed");
  return failed.map(({ message }) => message).filter((message) => MISTAKE.test(message));
}

const FILES = fileURLToPath(new URL("../../../conformance/scanner/fuzz/seeds/", import.meta.url));
const NAMES = readdirSync(FILES).filter((name) => !name.endsWith(".md"));

describe("any input", () => {
  for (const [name, seed] of Object.entries(SEEDS)) {
    it(`gives a report: ${name}`, { timeout: 600_000 }, () => {
      let slowest = 0;
      fc.assert(
        fc.property(mutations, (changes) => {
          const started = cpuTime();
          const report = scanBytes(mutate(seed, changes), `m.${name}`);
          slowest = Math.max(slowest, cpuTime() - started);
          expect(["clean", "suspicious", "malicious", "incomplete"]).toContain(report.verdict);
          expect(mistakes(report)).toEqual([]);
        }),
        OPTIONS,
      );
      expect(slowest).toBeLessThan(5_000);
    });
  }

  it("gives a report for files of real libraries that were changed", { timeout: 600_000 }, () => {
    fc.assert(
      fc.property(fc.constantFrom(...NAMES), mutations, (name, changes) => {
        const data = mutate(readFileSync(FILES + name), changes);
        expect(mistakes(scanBytes(data, name))).toEqual([]);
      }),
      { ...OPTIONS, numRuns: 10 * OPTIONS.numRuns },
    );
  });

  it("gives a report for bytes without any form", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (data) => {
        expect(scanBytes(data, "m.bin").size).toBe(data.length);
      }),
      OPTIONS,
    );
  });

  it("unpacks no more than it may", () => {
    const packed = fc.constantFrom(...(["xz", "lzma", "bzip2"] as const));
    const unpackers = { xz: unxz, lzma: unlzma, bzip2: bunzip2 };
    const sizeOf = (unpacker: Unpacker, data: Buffer, limit: number): number =>
      collect(new MemorySpool(limit), (out) => unpacker(bytesSource(data), out), limit).source.size;
    fc.assert(
      fc.property(packed, mutations, fc.integer({ min: 0, max: 1000 }), (kind, changes, limit) => {
        const data = mutate(SEEDS[kind] ?? PAYLOAD, changes);
        expect(sizeOf(unpackers[kind], data, limit)).toBeLessThanOrEqual(limit);
        expect(sizeOf(unlz4, data, limit)).toBeLessThanOrEqual(limit);
        expect(sizeOf(unzstd, data, limit)).toBeLessThanOrEqual(limit);
      }),
      OPTIONS,
    );
  });

  it("never takes back an alarm because bytes follow", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (tail) => {
        expect(scanBytes(bytes(PAYLOAD, tail), "m.pkl").verdict).toBe("malicious");
      }),
      OPTIONS,
    );
  });
});
