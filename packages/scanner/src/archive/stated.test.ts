import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { DEFAULT_LIMITS } from "../core/limits.js";
import type { FileReport } from "../core/report.js";
import { scanSource } from "../core/scan-bytes.js";
import { bytesSource } from "../core/source.js";
import { temporarySpill } from "../path/spill.js";
import { bytes, global, PAYLOAD, tar, u32, u64, zip } from "../testing/assemble.js";
import { cpuTime } from "../testing/cpu-time.js";

const MEGABYTE = 1024 * 1024;
const directory = mkdtempSync(join(tmpdir(), "stated-"));
afterAll(() => rmSync(directory, { recursive: true }));

function scan(data: Buffer, name: string): Omit<FileReport, "sha256"> {
  return scanSource(bytesSource(data), name, DEFAULT_LIMITS, temporarySpill(directory, 0));
}

function rules(data: Buffer, name: string): string[] {
  return scan(data, name).findings.map(({ rule }) => rule);
}

/** A header of numpy's, and `size` bytes of zeros, for `count` of which it stands. */
function npy(count: number, size = count, descr = "'|u1'"): Buffer {
  const header = `{'descr': ${descr}, 'fortran_order': False, 'shape': (${count},), }\n`;
  const head = bytes("\x93NUMPY", 1, 0, header.length & 255, header.length >> 8, header);
  return Buffer.concat([head, Buffer.alloc(size)]);
}

/** The header of NIfTI-1: sizeof_hdr, dim, bitpix, vox_offset, magic. */
function nifti(side: number): Buffer {
  const data = Buffer.alloc(352 + side ** 3);
  data.writeInt32LE(348, 0);
  [3, side, side, side].forEach((size, at) => {
    data.writeInt16LE(size, 40 + 2 * at);
  });
  data.writeInt16LE(8, 72);
  data.writeFloatLE(352, 108);
  data.write("n+1\0", 344, "latin1");
  return data;
}

/** Two arrays' bytes, in the middle of what numpy writes before and behind them. */
function pickled(size: number): Buffer {
  return bytes(
    0x80,
    4,
    global("numpy._core.multiarray", "_reconstruct"),
    "0]B",
    u32(size),
    Buffer.alloc(size),
    "aB",
    u32(size),
    Buffer.alloc(size),
    "a.",
  );
}

/** What R's `saveRDS(numeric(count))` writes: XDR, version 3, a vector of doubles. */
function rds(count: number): Buffer {
  const head = Buffer.from("580a000000030004020200030500000000055554462d380000000e00000000", "hex");
  head.writeUInt32BE(count, head.length - 4);
  return bytes(head, Buffer.alloc(8 * count));
}

function safetensors(size: number): Buffer {
  const header = `{"a":{"dtype":"U8","shape":[${size}],"data_offsets":[0,${size}]}}`;
  return Buffer.concat([u64(header.length), Buffer.from(header), Buffer.alloc(size)]);
}

const SIZE = 40 * MEGABYTE;

describe("zeros whose size a header states", () => {
  it.each([
    ["npz", zip({ name: "a.npy", data: npy(SIZE), deflate: true }), "a.npz"],
    [
      "records",
      zip({
        name: "a.npy",
        data: npy(3 * MEGABYTE, 42 * MEGABYTE, "[('a', '<i8'), ('b', '<u2', (3,))]"),
        deflate: true,
      }),
      "a.npz",
    ],
    ["text", zip({ name: "a.npy", data: npy(2 * MEGABYTE, SIZE, "'<U5'"), deflate: true }), "a.npz"],
    ["npy in gzip", gzipSync(npy(SIZE)), "a.npy.gz"],
    ["NIfTI", gzipSync(nifti(350)), "mask.nii.gz"],
    ["R", gzipSync(rds(5 * MEGABYTE)), "zeros.rds"],
    ["safetensors", gzipSync(safetensors(SIZE)), "m.safetensors.gz"],
    ["pickles", gzipSync(pickled(SIZE)), "m.pkl.gz"],
    ["tar", gzipSync(bytes(tar("a.npy", npy(SIZE)).subarray(0, -1024), tar("b.npy", npy(SIZE)))), "m.tar.gz"],
    ["JSON", gzipSync(Buffer.from(`[${"0.0, ".repeat(8 * MEGABYTE)}0.0]`)), "a.json.gz"],
    ["archives", zip({ name: "a.npy.gz", data: gzipSync(npy(SIZE)) }), "a.zip"],
  ])("are no bomb: %s", (_, data, name) => {
    expect(scan(data, name)).toMatchObject({ verdict: "clean", findings: [] });
  });

  it("let what lies behind them be found", () => {
    const data = gzipSync(bytes(tar("a.npy", npy(SIZE)).subarray(0, -1024), tar("m.pkl", PAYLOAD)));
    expect(scan(data, "m.tar.gz").verdict).toBe("malicious");
  });
});

describe("bombs", () => {
  it.each([
    [
      "more than the header states, in zip",
      zip({ name: "a.npy", data: npy(1000, SIZE), deflate: true }),
      "a.npz",
    ],
    ["more than the header states, in gzip", gzipSync(npy(MEGABYTE, SIZE)), "a.npy.gz"],
    ["a member without a header", gzipSync(tar("a.npy", Buffer.alloc(SIZE))), "m.tar.gz"],
    [
      "many members without a header",
      gzipSync(
        bytes(
          ...Array.from({ length: 90 }, (_, i) => tar(`${i}`, Buffer.alloc(MEGABYTE)).subarray(0, -1024)),
        ),
      ),
      "m.tar.gz",
    ],
    ["behind a pickle", gzipSync(bytes(0x80, 4, "].", Buffer.alloc(SIZE))), "m.pkl.gz"],
    ["behind R's data", gzipSync(bytes(rds(1000), Buffer.alloc(SIZE))), "m.rds"],
    ["zeros after a string", gzipSync(bytes(pickled(MEGABYTE), Buffer.alloc(SIZE))), "m.pkl.gz"],
    ["a long string", gzipSync(bytes(0x80, 4, "X", u32(SIZE), Buffer.alloc(SIZE, "A"), ".")), "m.pkl.gz"],
    ["text without numbers", zip({ name: "a.txt", data: Buffer.alloc(SIZE, "A\n"), deflate: true }), "a.zip"],
    ["a brace", gzipSync(bytes("{", Buffer.alloc(SIZE))), "a.json.gz"],
    ["in an honest archive", zip({ name: "a.bin.gz", data: gzipSync(Buffer.alloc(SIZE)) }), "a.zip"],
  ])("stay bombs: %s", (_, data, name) => {
    expect(rules(data, name)).toContain("archive-bomb");
  });

  it.each([
    ["zeros", Buffer.alloc(300 * MEGABYTE)],
    ["a long string", bytes(0x80, 4, "X", u32(300 * MEGABYTE), Buffer.alloc(300 * MEGABYTE, "A"), ".")],
    ["too many numbers", Buffer.alloc(300 * MEGABYTE, "0,")],
  ])("of 300 MB are told within a second: %s", (_, content) => {
    const data = zip({ name: "m/data.pkl", data: content, deflate: true });
    const started = cpuTime();
    expect(rules(data, "m.pt")).toContain("archive-bomb");
    expect(cpuTime() - started).toBeLessThan(1000);
  });
});
