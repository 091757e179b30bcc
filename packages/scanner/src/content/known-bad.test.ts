import { createHash, randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULT_LIMITS } from "../core/limits.js";
import type { ScanReport } from "../core/report.js";
import { scanBytes } from "../core/scan-bytes.js";
import { zip } from "../testing/assemble.js";
import { cpuTime } from "../testing/cpu-time.js";
import { type KnownBad, markKnownBad, parseKnownBad } from "./known-bad.js";

const sha256 = (bytes: Uint8Array | string) => createHash("sha256").update(bytes).digest("hex");
const A = sha256("a");
const B = sha256("b");
const read = (text: string): KnownBad => {
  const parsed = parseKnownBad(Buffer.from(text));
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.list;
};

describe("parseKnownBad", () => {
  it.each([
    ["plain lines", `# a list\n\n${A}  evil.pkl  opens a shell\n${B.toUpperCase()}\tb.bin\n`],
    ["sha256sum's", `${A} *evil.pkl opens a shell\n${B}  b.bin\n`],
    ["prefixes and other line ends", `sha256:${A} evil.pkl opens a shell\r\nsha256:${B} b.bin\r\n`],
    ["CSV", `sha256,name,reason\n"${A}","evil.pkl","opens a shell"\n"${B}","b.bin",""\n`],
    ["JSON lines", `{"sha256":"${A}","name":"evil.pkl opens a shell"}\n{"sha256":"${B}"}\n`],
    ["a JSON list", JSON.stringify([{ sha256: A, name: "evil.pkl", reason: "opens a shell" }, B], null, 2)],
    ["a JSON object", JSON.stringify({ [A]: "evil.pkl opens a shell", [B]: "b.bin" })],
  ])("reads %s", (_, text) => {
    const list = read(text);
    expect(list.size).toBe(2);
    expect(list.find(A)).toContain("evil.pkl");
    expect(list.find(A)).toContain("opens a shell");
    expect(list.find(B)).toBeDefined();
    expect(list.find(sha256("c"))).toBeUndefined();
  });
  it.each([
    ["line 2 has no SHA-256", `${A} x\nnonsense\n`],
    ["only SHA-256 is looked up", `${A} x\nd41d8cd98f00b204e9800998ecf8427e empty\n`],
  ])("says that %s", (reason, text) => {
    const parsed = parseKnownBad(Buffer.from(text));
    expect(parsed).toMatchObject({
      ok: false,
      reason: expect.stringContaining(reason.replace("only", "only")),
    });
  });
  it("reads a million lines in seconds", () => {
    const hex = randomBytes(32_000_000).toString("hex");
    const lines: string[] = [];
    for (let i = 0; i < 1_000_000; i++) lines.push(hex.slice(i * 64, i * 64 + 64));
    const text = Buffer.from(`${A}  evil.pkl  bad\n${lines.join("  name  reason\n")}\n`);
    const start = cpuTime();
    const parsed = parseKnownBad(text);
    expect(cpuTime() - start).toBeLessThan(15_000);
    expect(parsed).toMatchObject({ ok: true, list: { size: 1_000_001 } });
  });
  it("never throws", () => {
    fc.assert(fc.property(fc.string(), (text) => void parseKnownBad(Buffer.from(text))));
    fc.assert(fc.property(fc.json(), (text) => void parseKnownBad(Buffer.from(text))));
  });
});

describe("markKnownBad", () => {
  const report = (bytes: Uint8Array, name: string): ScanReport => {
    const file = scanBytes(bytes, name, { ...DEFAULT_LIMITS, memberDigests: 100 });
    return { files: [file], verdict: file.verdict, scanner: { name: "countersign", rules: "" } };
  };
  it("finds a file", () => {
    const marked = markKnownBad(report(Buffer.from("text"), "a.txt"), read(`${sha256("text")} a.txt stolen`));
    expect(marked).toMatchObject({ verdict: "malicious", files: [{ findings: [{ rule: "known-bad" }] }] });
    expect(marked.files[0]?.findings[0]?.message).toContain("stolen");
  });
  it("finds a member, by its unpacked bytes", () => {
    const inner = zip({ name: "deep.txt", data: Buffer.from("deep") });
    const bytes = zip({ name: "inner.zip", data: inner });
    const marked = markKnownBad(report(bytes, "a.zip"), read(sha256("deep")));
    expect(marked.files[0]?.findings[0]).toMatchObject({ location: { member: "inner.zip!deep.txt" } });
    expect(marked.files[0]).not.toHaveProperty("members");
  });
  it("leaves others as they are", () => {
    expect(markKnownBad(report(Buffer.from("text"), "a.txt"), read(A)).verdict).toBe("clean");
  });
});
