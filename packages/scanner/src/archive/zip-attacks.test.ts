import { deflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { FileReport } from "../core/report.js";
import { scanBytes } from "../core/scan-bytes.js";
import { bytes, PAYLOAD, u32, u64, zip } from "../testing/assemble.js";
import { cpuTime } from "../testing/cpu-time.js";

const SAFE = bytes(0x80, 2, "}.");

function scan(data: Uint8Array, name = "a.zip"): FileReport {
  return scanBytes(data, name);
}

function rules(report: FileReport): string[] {
  return report.findings.map(({ rule }) => rule);
}

/** Changes bytes of the last record with this signature. */
function patch(data: Buffer, signature: string, offset: number, value: number, width: number): Buffer {
  const copy = Buffer.from(data);
  const at = copy.lastIndexOf(signature, undefined, "latin1");
  copy.writeUIntLE(value, at + offset, width);
  return copy;
}

describe("zip files that readers see differently", () => {
  const good = zip({ name: "a.txt", data: SAFE });
  const bad = zip({ name: "m.pkl", data: PAYLOAD });

  it("reads the archive before one whose comment is too long for Java and Go", () => {
    const report = scan(bytes(bad, patch(good, "PK\x05\x06", 20, 9, 2)));
    expect(report.verdict).toBe("malicious");
    expect(rules(report)).toContain("archive-disagreement");
  });

  it("reads an archive in the comment of another", () => {
    const outer = bytes(patch(good, "PK\x05\x06", 20, bad.length, 2), bad);
    expect(scan(outer).verdict).toBe("malicious");
  });

  it("reads the directory where its records say and where it ends", () => {
    // The end record states the offset of a directory that is not the one right before it.
    const hidden = zip({ name: "m.pkl", data: PAYLOAD });
    const directory = hidden.subarray(hidden.indexOf("PK\x01\x02", 0, "latin1"), hidden.length - 22);
    const end = good.subarray(good.length - 22);
    const shown = Buffer.from(good.subarray(good.indexOf("PK\x01\x02", 0, "latin1"), good.length - 22));
    const local = hidden.subarray(0, hidden.indexOf("PK\x01\x02", 0, "latin1"));
    const data = bytes(
      local,
      directory,
      good.subarray(0, good.indexOf("PK\x01\x02", 0, "latin1")),
      shown,
      end,
    );
    data.writeUInt32LE(local.length, data.length - 6);
    expect(scan(data).verdict).toBe("malicious");
  });

  it("follows two Zip64 records to two directories", () => {
    const parts = (archive: Buffer): { locals: Buffer; directory: Buffer } => {
      const at = archive.indexOf("PK\x01\x02", 0, "latin1");
      return { locals: archive.subarray(0, at), directory: archive.subarray(at, archive.length - 22) };
    };
    const one = parts(bad);
    const two = parts(good);
    const directory = Buffer.from(two.directory);
    directory.writeUInt32LE(one.locals.length + one.directory.length, 42);
    const record = (size: number, offset: number): Buffer =>
      bytes("PK\x06\x06", u64(44), Buffer.alloc(8), Buffer.alloc(8), u64(1), u64(1), u64(size), u64(offset));
    const start = one.locals.length + one.directory.length + two.locals.length;
    const far = start + directory.length;
    const data = bytes(
      one.locals,
      one.directory,
      two.locals,
      directory,
      record(one.directory.length, one.locals.length),
      record(directory.length, start),
      "PK\x06\x07",
      u32(0),
      u64(far),
      u32(1),
      "PK\x05\x06",
      Buffer.alloc(4),
      Buffer.alloc(16, 0xff),
      Buffer.alloc(2),
    );
    data.writeUInt16LE(0, data.length - 2);
    data.writeUInt32LE(0, data.length - 18);
    const report = scan(data);
    expect(report.verdict).toBe("malicious");
    expect(rules(report)).toContain("archive-disagreement");
  });

  it("reads stored bytes up to the larger of two sizes, as miniz does", () => {
    const data = zip({ name: "m.pkl", data: PAYLOAD });
    for (const [signature, offset] of [
      ["PK\x03\x04", 18],
      ["PK\x01\x02", 20],
    ] as const)
      data.writeUInt32LE(4, data.indexOf(signature, 0, "latin1") + offset);
    expect(scan(data).verdict).toBe("malicious");
  });

  it("reads a member that two entries of the directory describe differently", () => {
    const packed = deflateRawSync(PAYLOAD);
    const data = zip({ name: "m.pkl", data: packed });
    const at = data.indexOf("PK\x01\x02", 0, "latin1");
    const second = Buffer.from(data.subarray(at, data.length - 22));
    second.writeUInt16LE(8, 10);
    second.writeUInt32LE(PAYLOAD.length, 24);
    const end = Buffer.from(data.subarray(data.length - 22));
    end.writeUInt16LE(2, 8);
    end.writeUInt16LE(2, 10);
    end.writeUInt32LE(2 * second.length, 12);
    expect(scan(bytes(data.subarray(0, data.length - 22), second, end)).verdict).toBe("malicious");
  });

  it("looks behind a stream that ends before its member does", () => {
    const inner = zip({ name: "m.pkl", data: PAYLOAD }).subarray(0, 30 + 5 + PAYLOAD.length);
    const data = zip({ name: "a.txt", data: bytes(deflateRawSync(SAFE), inner) });
    for (const [signature, method, size] of [
      ["PK\x03\x04", 8, 22],
      ["PK\x01\x02", 10, 24],
    ] as const) {
      const at = data.indexOf(signature, 0, "latin1");
      data.writeUInt16LE(8, at + method);
      data.writeUInt32LE(SAFE.length, at + size);
    }
    const report = scan(data);
    expect(report.verdict).toBe("malicious");
  });

  it.each([
    ["m/data.pkl", "m/DATA.PKL"],
    ["m\\data.pkl", "m/data.pkl"],
    ["./m.pkl", "m.pkl"],
    ["m.pkl\0.txt", "m.pkl"],
  ])("takes %j and %j for one name", (first, second) => {
    const data = zip({ name: first, data: SAFE }, { name: second, data: bytes(SAFE, SAFE) });
    expect(rules(scan(data))).toContain("archive-duplicate");
  });

  it("scans a directory that has bytes", () => {
    expect(scan(zip({ name: "m.pkl/", data: PAYLOAD })).verdict).toBe("malicious");
  });

  it("says that a name ends early for some readers", () => {
    expect(rules(scan(zip({ name: "m.txt\0.pkl", data: SAFE })))).toContain("archive-disagreement");
  });

  it("finds members that share bytes", () => {
    const inner = zip({ name: "b.txt", data: SAFE });
    const local = inner.subarray(0, inner.indexOf("PK\x01\x02", 0, "latin1"));
    const data = zip({ name: "a.bin", data: local }, { name: "b.txt", data: SAFE });
    // The second entry now points into the first member.
    const second = data.lastIndexOf("PK\x01\x02", undefined, "latin1");
    data.writeUInt32LE(30 + 5, second + 42);
    expect(rules(scan(data))).toContain("archive-bomb");
  });

  it("reads what follows a broken header", () => {
    const data = bytes(zip({ name: "a.txt", data: SAFE }, { name: "m.pkl", data: PAYLOAD }));
    data.writeUInt16LE(0xffff, 26);
    expect(scan(data).verdict).toBe("malicious");
  });

  it("reads a zip file behind a program's first lines, although the end states no member", () => {
    const data = bytes("#!/bin/sh\n", patch(patch(bad, "PK\x05\x06", 8, 0, 2), "PK\x05\x06", 10, 0, 2));
    expect(scan(data).verdict).toBe("malicious");
  });
});

describe("links in zip files", () => {
  const link = (target: string): Buffer => {
    const data = zip({ name: "m/link", data: Buffer.from(target) });
    data.writeUInt32LE((0o120777 << 16) >>> 0, data.lastIndexOf("PK\x01\x02", undefined, "latin1") + 38);
    return data;
  };
  it.each(["weights.bin", "../config.json", "/usr/bin/python3"])("are ordinary: %s", (target) => {
    expect(scan(link(target)).verdict).toBe("clean");
  });
  it.each(["../../x", "/etc/passwd", "a/../../../x"])("lead out: %s", (target) => {
    expect(rules(scan(link(target)))).toContain("archive-link");
  });
});

describe("nested bombs", () => {
  it("are told without unpacking everything", () => {
    let data = zip({ name: "0.bin", data: Buffer.alloc(40 * 1024 * 1024), deflate: true });
    for (let level = 0; level < 3; level++)
      data = zip(...Array.from({ length: 16 }, (_, i) => ({ name: `${i}.zip`, data, deflate: true })));
    const started = cpuTime();
    const report = scan(data, "42.zip");
    expect(rules(report)).toContain("archive-bomb");
    expect(report.verdict).toBe("incomplete");
    expect(cpuTime() - started).toBeLessThan(20_000);
  });
});
