import { describe, expect, it } from "vitest";
import { scanBytes } from "../core/scan-bytes.js";
import { bytes, PAYLOAD } from "../testing/assemble.js";

const rules = (data: Uint8Array): string[] => scanBytes(data, "m.bin").findings.map(({ rule }) => rule);

describe("looking for pickles in other bytes", () => {
  for (const piece of ["ca\nb\n", "\x80\x04]", "\x80\x02}"])
    it(`takes no long time over ${JSON.stringify(piece)} repeated`, () => {
      const many = bytes("\x00", piece.repeat(Math.ceil(900_000 / piece.length)));
      const started = process.cpuUsage();
      scanBytes(many, "m.bin");
      expect(process.cpuUsage(started).user / 1000).toBeLessThan(3000);
    });

  it("finds one behind decoys", () => {
    const decoys = bytes("\x00", "\x80\x04]".repeat(60), "\x00".repeat(20));
    expect(rules(bytes(decoys, PAYLOAD))).toContain("hidden-pickle");
    const long = bytes("\x00", `\x80\x04${"N0".repeat(400_000)}\x00`.repeat(5));
    expect(rules(bytes(long, PAYLOAD))).toContain("hidden-pickle");
  });
});
