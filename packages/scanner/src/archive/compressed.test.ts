import { deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { scanBytes } from "../core/scan-bytes.js";
import { bytesSource } from "../core/source.js";
import { MemorySpool } from "../core/spill.js";
import { bytes, PAYLOAD } from "../testing/assemble.js";
import { bunzip2 } from "./bzip2.js";
import { unlz4 } from "./lz4.js";
import { unlzma } from "./lzma.js";
import { collect, type Unpacker } from "./unpack.js";
import { unxz } from "./xz.js";
import { unzstd } from "./zstd.js";

/** "countersign " forty times, by each program. */
const TEXT = "countersign ".repeat(40);
const hex = (text: string): Buffer => Buffer.from(text.replace(/\s/g, ""), "hex");

const PACKED = {
  bzip2: hex(
    "425a6839314159265359504d76ff000027918040000aa19e002000508069a680a5501a7a4f04e04c13d1304d09b13427c26c4c13627e2ee48a70a120a09aedfe",
  ),
  xz: hex(
    "fd377a585a000004e6d6b4460200210116000000742fe5a3e001df00155d00319bcb119bf368a42ee4e90d0a57f27e5814a8000000000000b493a534ef4e2b0a000131e003000000e4681236b1c467fb020000000004595a",
  ),
  lzma: hex("5d00008000ffffffffffffffff00319bcb119bf368a42ee4e90d0a57f27e586fea77ffffd5180000"),
  zstd: hex("28b52ffd20 01 09 00 00 61"),
  lz4: hex("04224d18 6040 82 08000000 32 61 62 63 0300 50 64 65 66 67 68 00000000"),
};

function run(
  unpacker: Unpacker,
  packed: Buffer,
  limit = 10_000,
): { text: string; cut: boolean; error: string | undefined } {
  const unpacked = collect(new MemorySpool(limit), (out) => unpacker(bytesSource(packed), out), limit);
  const text = unpacked.source.read(0, limit).toString("latin1");
  return { text, cut: unpacked.cut !== undefined, error: unpacked.error };
}

describe("decoders", () => {
  it("unpacks bzip2", () => expect(run(bunzip2, PACKED.bzip2).text).toBe(TEXT));
  it("unpacks xz", () => expect(run(unxz, PACKED.xz).text).toBe(TEXT));
  it("unpacks lzma", () => expect(run(unlzma, PACKED.lzma).text).toBe(TEXT));
  it("unpacks zstd", () => expect(run(unzstd, PACKED.zstd).text).toBe("a"));
  it.each([
    ["bzip2", bunzip2, PACKED.bzip2],
    ["xz", unxz, PACKED.xz],
    ["lzma", unlzma, PACKED.lzma],
  ])("stops at the limit: %s", (_, unpacker, packed) => {
    expect(run(unpacker, packed, 50)).toMatchObject({ text: TEXT.slice(0, 50), cut: true });
  });
  it("unpacks LZ4 blocks with repeats", () => {
    const block = bytes(0x14, "a", 1, 0, 0x50, "bcdef");
    const frame = bytes(hex("04224d18 6040 82"), block.length, 0, 0, 0, block, 0, 0, 0, 0);
    expect(run(unlz4, frame).text).toBe("aaaaaaaaabcdef");
  });
  it("keeps what came before a fault", () => {
    const { text, error } = run(unxz, PACKED.xz.subarray(0, PACKED.xz.length - 40));
    expect(error).toBeDefined();
    expect(TEXT.startsWith(text)).toBe(true);
  });
});

describe("compressed streams", () => {
  it.each([
    ["gzip", gzipSync(PAYLOAD)],
    ["zlib", deflateSync(PAYLOAD)],
    ["two gzip members", bytes(gzipSync(PAYLOAD.subarray(0, 9)), gzipSync(PAYLOAD.subarray(9)))],
  ])("scans %s", (_, data) => expect(scanBytes(data, "m.joblib").verdict).toBe("malicious"));

  it("alarms although the checksum is cut off", () => {
    expect(scanBytes(gzipSync(PAYLOAD).subarray(0, -6), "m.gz").verdict).toBe("malicious");
  });

  it("flags a gzip bomb", () => {
    const report = scanBytes(gzipSync(Buffer.alloc(60 * 1024 * 1024)), "m.gz");
    expect(report.findings.map(({ rule }) => rule)).toContain("archive-bomb");
    expect(report.verdict).toBe("incomplete");
  });
});

describe("weak and old forms", () => {
  it("reads the header of joblib 0.8.4 on Python 2, which is a space longer", () => {
    const packed = bytes("ZF0x31f".padEnd(22), deflateSync(PAYLOAD));
    expect(scanBytes(packed, "model.gz")).toMatchObject({ format: "zfile+pickle", verdict: "malicious" });
  });

  it("takes numbers that look like LZMA for a moment as what they are", () => {
    // The beginning of testvec_4_GLNX86.mat of scipy's tests (MATLAB 4).
    const matrix = hex(
      "00000000020000000100000000000000 0b000000 6669745f706172616d730081 7d2702e505d34146ed68ed2bc47e3f00",
    );
    expect(scanBytes(matrix, "testvec.mat").verdict).toBe("clean");
  });
});
