import { describe, expect, it } from "vitest";
import type { FileReport } from "../core/report.js";
import { scanBytes } from "../core/scan-bytes.js";
import { bytes, PAYLOAD, tar, zip } from "../testing/assemble.js";

const SAFE = bytes(0x80, 2, "}.");

function scan(data: Uint8Array, name = "model.pt"): FileReport {
  return scanBytes(data, name);
}

function rules(report: FileReport): string[] {
  return report.findings.map(({ rule }) => rule);
}

describe("zip", () => {
  it("scans a torch file's pickle", () => {
    const report = scan(
      zip({ name: "m/data.pkl", data: PAYLOAD }, { name: "m/version", data: Buffer.from("3\n") }),
    );
    expect(report).toMatchObject({ format: "torch", verdict: "malicious" });
    expect(report.findings[0]?.location.member).toBe("m/data.pkl");
  });

  it("takes a harmless torch file for clean", () => {
    expect(
      scan(zip({ name: "m/data.pkl", data: SAFE }, { name: "m/version", data: Buffer.from("3\n") })).verdict,
    ).toBe("clean");
  });

  it.each([
    ["first", PAYLOAD, SAFE],
    ["last", SAFE, PAYLOAD],
  ])("alarms at a duplicate name with the payload %s", (_, first, second) => {
    const found = rules(scan(zip({ name: "m/data.pkl", data: first }, { name: "m/data.pkl", data: second })));
    expect(found).toContain("archive-duplicate");
    expect(found).toContain("pickle-dangerous-call");
  });

  it("scans a member that the central directory calls by another name", () => {
    const found = rules(scan(zip({ name: "m/data.pkl", centralName: "m/notes.txt", data: PAYLOAD })));
    expect(found).toContain("archive-disagreement");
    expect(found).toContain("pickle-dangerous-call");
  });

  it("scans a member that the central directory leaves out", () => {
    const found = rules(
      scan(zip({ name: "m/data.pkl", data: PAYLOAD, hidden: true }, { name: "m/version", data: SAFE })),
    );
    expect(found).toContain("archive-disagreement");
    expect(found).toContain("pickle-dangerous-call");
  });

  it.each([0x1, 0x20, 0x40])("reads through the flag %d", (flags) => {
    const found = rules(scan(zip({ name: "m/data.pkl", data: PAYLOAD, centralFlags: flags })));
    expect(found).toContain("pickle-dangerous-call");
    expect(found).toContain("archive-disagreement");
  });

  it("reads through a wrong checksum, and says so", () => {
    const found = rules(scan(zip({ name: "m/data.pkl", data: PAYLOAD, crc: 1 })));
    expect(found).toContain("archive-checksum");
    expect(found).toContain("pickle-dangerous-call");
  });

  it("scans compressed members", () => {
    expect(scan(zip({ name: "a.pkl", data: PAYLOAD, deflate: true })).verdict).toBe("malicious");
  });

  it("scans archives in archives", () => {
    const inner = zip({ name: "a.pkl", data: PAYLOAD });
    const report = scan(zip({ name: "inner.zip", data: inner, deflate: true }), "a.zip");
    expect(report.verdict).toBe("malicious");
    expect(report.findings[0]?.location.member).toBe("inner.zip!a.pkl");
  });

  it("says incomplete beyond the depth limit", () => {
    let data = zip({ name: "a.pkl", data: PAYLOAD });
    for (let i = 0; i < 12; i++) data = zip({ name: `${i}.zip`, data });
    expect(scan(data, "a.zip").verdict).toBe("incomplete");
  });

  it("notices bytes before the archive and scans them", () => {
    const found = rules(scan(bytes(PAYLOAD, zip({ name: "m/data.pkl", data: SAFE }))));
    expect(found).toContain("pickle-dangerous-call");
  });

  it("scans pickles among the tensors that no id names", () => {
    const found = rules(scan(zip({ name: "m/data.pkl", data: SAFE }, { name: "m/data/0", data: PAYLOAD })));
    expect(found).toContain("pickle-dangerous-call");
  });

  it("looks into storages that are another loader's files", () => {
    const key = (value: string): Buffer => bytes("X", value.length, 0, 0, 0, value);
    const id = bytes("(", key("storage"), "ctorch\nByteStorage\n", key("0"), key("cpu"), "K\x01tQ.");
    const data = bytes(0x80, 2, id);
    expect(rules(scan(zip({ name: "m/data.pkl", data }, { name: "m/data/0", data: PAYLOAD })))).toEqual([
      "hidden-pickle",
    ]);
    expect(
      scan(zip({ name: "m/data.pkl", data }, { name: "m/data/0", data: Buffer.alloc(64) })).verdict,
    ).toBe("clean");
  });

  it("alarms at a tensor that claims more than there is", () => {
    const key = (value: string): Buffer => bytes("X", value.length, 0, 0, 0, value);
    const id = bytes("(", key("storage"), "ctorch\nFloatStorage\n", key("0"), key("cpu"), "M\xff\xfftQ.");
    const found = rules(
      scan(
        zip({ name: "m/data.pkl", data: bytes(0x80, 2, id) }, { name: "m/data/0", data: Buffer.alloc(64) }),
      ),
    );
    expect(found).toContain("torch-storage-mismatch");
  });

  it.each(["../evil", "/etc/x", "C:\\x"])("alarms at the path %s", (name) => {
    expect(rules(scan(zip({ name, data: SAFE }), "a.zip"))).toContain("archive-path-escape");
  });

  it("flags a bomb without unpacking it", () => {
    const report = scan(zip({ name: "m/data.pkl", data: Buffer.alloc(48 * 1024 * 1024), deflate: true }));
    expect(rules(report)).toContain("archive-bomb");
    expect(report.verdict).toBe("incomplete");
  });

  it("survives a directory that points nowhere", () => {
    const data = zip({ name: "m/data.pkl", data: PAYLOAD });
    data.writeUInt32LE(0x7fffffff, data.length - 6);
    expect(scan(data).verdict).toBe("malicious");
  });
});

describe("tar", () => {
  it("scans members", () => {
    expect(scan(tar("m.pkl", PAYLOAD), "m.tar")).toMatchObject({ format: "tar", verdict: "malicious" });
  });

  it("alarms at paths and links that lead out", () => {
    expect(rules(scan(tar("../x", SAFE), "m.tar"))).toContain("archive-path-escape");
    expect(rules(scan(tar("x", Buffer.alloc(0), "2", "/etc/passwd"), "m.tar"))).toContain("archive-link");
  });
});
