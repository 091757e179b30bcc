import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateRawSync, gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { DEFAULT_LIMITS, LimitReached } from "../core/limits.js";
import { scanSource } from "../core/scan-bytes.js";
import { bytesSource } from "../core/source.js";
import { bytes, PAYLOAD, tar, zip } from "../testing/assemble.js";
import { temporarySpill } from "./spill.js";

const directory = mkdtempSync(join(tmpdir(), "spill-"));
afterAll(() => rmSync(directory, { recursive: true }));

/** Larger than what stays in memory, and not to be packed by much. */
const LARGE = Buffer.from(Array.from({ length: 6_000_000 }, (_, i) => (i * i * 2654435761) >>> 24));

function scan(data: Buffer, name: string): ReturnType<typeof scanSource> {
  return scanSource(
    bytesSource(data),
    name,
    { ...DEFAULT_LIMITS, memoryBytes: 1000 },
    temporarySpill(directory, 0),
  );
}

describe("temporarySpill", () => {
  it("gives back what was written, at any place, and leaves no name", () => {
    const spool = temporarySpill(directory, 0).create();
    for (let at = 0; at < LARGE.length; at += 999_999) spool.write(LARGE.subarray(at, at + 999_999));
    expect(readdirSync(directory)).toEqual([]);
    const source = spool.source();
    expect(source.size).toBe(LARGE.length);
    expect(source.read(0, source.size).equals(LARGE)).toBe(true);
    expect(source.read(5_999_990, 100).equals(LARGE.subarray(5_999_990))).toBe(true);
    spool.close();
  });

  it("leaves the disk as much as it is told to", () => {
    const spool = temporarySpill(directory, Number.MAX_SAFE_INTEGER).create();
    spool.write(Buffer.alloc(1000));
    expect(() => spool.write(LARGE)).toThrow(LimitReached);
    expect(spool.source().size).toBe(1000);
    spool.close();
  });

  it.each([
    ["gzip", gzipSync(LARGE), "a.bin.gz"],
    ["tar in gzip", gzipSync(tar("a.bin", LARGE)), "model.tar.gz"],
    ["zip", zip({ name: "a.bin", data: LARGE, deflate: true }), "model.zip"],
  ])("lets large members be examined: %s", (_, data, name) => {
    expect(scan(data, name).verdict).toBe("clean");
  });

  it("lets what lies behind a large member be found", () => {
    const inner = bytes(tar("a.bin", LARGE).subarray(0, -1024), tar("m.pkl", PAYLOAD));
    const report = scan(gzipSync(inner), "model.tar.gz");
    expect(report.verdict).toBe("malicious");
    expect(report.findings[0]?.location.member).toBe("model.tar!m.pkl");
  });

  it("says incomplete where there is no disk", () => {
    const spill = temporarySpill(directory, Number.MAX_SAFE_INTEGER);
    const { verdict, findings } = scanSource(bytesSource(gzipSync(LARGE)), "a.gz", DEFAULT_LIMITS, spill);
    expect(verdict).toBe("incomplete");
    expect(findings.map(({ rule }) => rule)).toEqual(["limit-reached"]);
  });

  it("does not fill the disk with a bomb", () => {
    const packed = deflateRawSync(Buffer.alloc(80 * 1024 * 1024));
    const data = bytes(0x1f, 0x8b, 8, Buffer.alloc(7), packed, Buffer.alloc(8));
    expect(scan(data, "a.gz").findings.map(({ rule }) => rule)).toContain("archive-bomb");
  });
});
