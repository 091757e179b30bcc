import { deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { scanBytes } from "../core/scan-bytes.js";
import { bytes, PAYLOAD } from "../testing/assemble.js";
import { bunzip2 } from "./bzip2.js";
import { unlz4 } from "./lz4.js";
import { unlzma } from "./lzma.js";
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

describe("decoders", () => {
  it("unpacks bzip2", () => expect(bunzip2(PACKED.bzip2, 10_000).bytes.toString()).toBe(TEXT));
  it("unpacks xz", () => expect(unxz(PACKED.xz, 10_000).bytes.toString()).toBe(TEXT));
  it("unpacks lzma", () => expect(unlzma(PACKED.lzma, 10_000).bytes.toString()).toBe(TEXT));
  it("unpacks zstd", () => expect(unzstd(PACKED.zstd, 10_000).bytes.toString()).toBe("a"));
  it("stops at the limit", () => {
    for (const unpack of [
      () => bunzip2(PACKED.bzip2, 50),
      () => unxz(PACKED.xz, 50),
      () => unlzma(PACKED.lzma, 50),
    ]) {
      const { bytes: out, cut } = unpack();
      expect(out.length).toBeLessThanOrEqual(50);
      expect(cut).toBe(true);
    }
  });
  it("unpacks LZ4 blocks with repeats", () => {
    const block = bytes(0x14, "a", 1, 0, 0x50, "bcdef");
    const frame = bytes(hex("04224d18 6040 82"), block.length, 0, 0, 0, block, 0, 0, 0, 0);
    expect(unlz4(frame, 100).bytes.toString()).toBe("aaaaaaaaabcdef");
  });
  it("keeps what came before a fault", () => {
    const { bytes: out, error } = unxz(PACKED.xz.subarray(0, PACKED.xz.length - 40), 10_000);
    expect(error).toBeDefined();
    expect(out.length).toBeLessThanOrEqual(TEXT.length);
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
