import { expect, it } from "vitest";
import { bytes, PAYLOAD } from "../testing/assemble.js";
import { scanBytes } from "./scan-bytes.js";

it("tells Java's classes from Apple's programs, and both from nothing", () => {
  // Java 17 (JVMS 4.1: minor 0, major 61), and a program for two processors (mach-o/fat.h).
  expect(scanBytes(bytes(0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 61, 0), "Main.class")).toMatchObject({
    format: "java-class",
    verdict: "suspicious",
  });
  expect(scanBytes(bytes(0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 2, 0), "lib").format).toBe("native");
});

it("takes a PostScript font for no pickle, and a payload behind the same bytes for one", () => {
  // Adobe Technical Note 5040: 0x80, the kind of segment, its length.
  const font = bytes(0x80, 1, 0xd8, 7, 0, 0, "%!PS-AdobeFont-1.0: C059-Bold\n%%CreationDate: 2017");
  expect(scanBytes(font, "C059-Bold.pfb")).toMatchObject({ verdict: "clean" });
  for (const protocol of [0, 1])
    expect(scanBytes(bytes(0x80, protocol, PAYLOAD.subarray(2)), "font.pfb").verdict).toBe("malicious");
});
