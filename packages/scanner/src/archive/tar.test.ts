import { describe, expect, it } from "vitest";
import type { FileReport } from "../core/report.js";
import { scanBytes } from "../core/scan-bytes.js";
import { bytes, PAYLOAD, tar } from "../testing/assemble.js";

const SAFE = bytes(0x80, 2, "}.");
const END = 1024;

function scan(data: Uint8Array, name = "m.tar"): FileReport {
  return scanBytes(data, name);
}

function rules(report: FileReport): string[] {
  return report.findings.map(({ rule }) => rule);
}

/** A member without the end of the archive. */
function member(name: string, data: Uint8Array, type = "0", link = ""): Buffer {
  const whole = tar(name, data, type, link);
  return whole.subarray(0, whole.length - END);
}

function pax(...records: [string, string][]): Buffer {
  const lines = records.map(([key, value]) => {
    const rest = ` ${key}=${value}\n`;
    let length = rest.length + 1;
    while (`${length}${rest}`.length !== length) length++;
    return `${length}${rest}`;
  });
  return member("pax", Buffer.from(lines.join("")), "x");
}

/** States another size in the first header, and makes its checksum fit. */
function stating(data: Buffer, size: number): Buffer {
  const copy = Buffer.from(data);
  copy.write(`${size.toString(8).padStart(11, "0")}\0`, 124, "latin1");
  copy.write("        ", 148, "latin1");
  const sum = copy.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  copy.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return copy;
}

describe("tar members that readers find in different places", () => {
  it("reads on right behind a link that states a size, as Python does", () => {
    const data = bytes(
      stating(member("l", Buffer.alloc(0), "2", "x"), 512),
      member("m.pkl", PAYLOAD),
      Buffer.alloc(END),
    );
    expect(scan(data).verdict).toBe("malicious");
  });

  it("reads both ways where pax and header state two sizes (CVE-2025-62518)", () => {
    const inner = bytes(member("a.txt", Buffer.from("hi")), member("m.pkl", PAYLOAD));
    const outer = stating(member("inner.bin", bytes(Buffer.from("x".repeat(512)), inner)), 512);
    const data = bytes(pax(["size", String(512 + inner.length)]), outer, Buffer.alloc(END));
    const report = scan(data);
    expect(report.verdict).toBe("malicious");
    expect(rules(report)).toContain("archive-disagreement");
  });

  it("goes on behind a damaged header, as GNU tar does", () => {
    const data = bytes(
      member("a.txt", SAFE),
      Buffer.alloc(512, 7),
      member("m.pkl", PAYLOAD),
      Buffer.alloc(END),
    );
    expect(scan(data).verdict).toBe("malicious");
  });

  it("goes on behind the end of the archive, as `--ignore-zeros` does", () => {
    expect(scan(bytes(tar("a.txt", SAFE), tar("m.pkl", PAYLOAD))).verdict).toBe("malicious");
  });

  it.each(["Z", "7", "\0", "V"])("reads members of the type %j as files", (type) => {
    expect(scan(tar("m.pkl", PAYLOAD, type)).verdict).toBe("malicious");
  });
});

describe("sparse files in tar", () => {
  it("puts the pieces together", () => {
    const cut = 9;
    const map = `0,${cut},${cut},${PAYLOAD.length - cut}`;
    const records: [string, string][] = [
      ["GNU.sparse.realsize", String(PAYLOAD.length)],
      ["GNU.sparse.map", map],
      ["GNU.sparse.name", "m.pkl"],
    ];
    const report = scan(
      bytes(pax(...records), member("x/GNUSparseFile.0/m.pkl", PAYLOAD), Buffer.alloc(END)),
    );
    expect(report.verdict).toBe("malicious");
    expect(report.findings[0]?.location.member).toBe("m.pkl");
  });

  it("does not fill memory with a hole", () => {
    const records: [string, string][] = [
      ["GNU.sparse.realsize", "900000000000"],
      ["GNU.sparse.map", "0,5"],
    ];
    const report = scan(bytes(pax(...records), member("m.bin", SAFE), Buffer.alloc(END)));
    expect(rules(report)).toContain("archive-bomb");
  });
});

describe("names in tar", () => {
  it.each([
    ["at the beginning", []],
    ["behind a record with the name", [member("././@LongLink", Buffer.from("m.pkl\0"), "L")]],
    ["behind another member", [member("a.txt", SAFE)]],
  ])("may be empty %s", (_where, before) => {
    const data = bytes(...before, member("", PAYLOAD), Buffer.alloc(END));
    expect(rules(scan(data))).toEqual(["pickle-dangerous-call"]);
  });

  it("takes names with newlines from pax", () => {
    const report = scan(bytes(pax(["path", "a\nb.pkl"]), member("x", PAYLOAD), Buffer.alloc(END)));
    expect(report.findings[0]?.location.member).toBe("a\nb.pkl");
  });

  it.each(["libx.so.1", "../config.json", "/usr/lib/libx.so"])("lets links be: %s", (target) => {
    expect(scan(tar("m/link", Buffer.alloc(0), "2", target)).verdict).toBe("clean");
  });

  it.each([
    ["out", "m/link", "../../x"],
    ["out", "link", "/etc/passwd"],
  ])("alarms at links that lead %s", (_, name, target) => {
    expect(rules(scan(tar(name, Buffer.alloc(0), "2", target)))).toContain("archive-link");
  });

  it("alarms at a member that is written through a link", () => {
    const data = bytes(member("d", Buffer.alloc(0), "2", "."), tar("d/x", SAFE));
    expect(rules(scan(data))).toContain("archive-link");
  });

  it("alarms at a member that replaces a link which leads out", () => {
    const data = bytes(member("d", Buffer.alloc(0), "2", "/usr/lib/x"), tar("d", SAFE));
    expect(rules(scan(data))).toContain("archive-link");
  });
});

describe("directories that state a size", () => {
  it("are ordinary, and what follows is read both ways", () => {
    const directory = stating(member("d/", Buffer.alloc(0), "5"), 512);
    expect(scan(bytes(directory, member("a", Buffer.alloc(0)), tar("b.txt", SAFE))).verdict).toBe("clean");
    expect(scan(bytes(directory, member("m.pkl", PAYLOAD), tar("b.txt", SAFE))).verdict).toBe("malicious");
  });
});
