import { describe, expect, it } from "vitest";
import { scanBytes } from "../../core/scan-bytes.js";
import { bytes, u32, u64, zip } from "../../testing/assemble.js";

const limits = { textBytes: 1000 };
const LONG = "x".repeat(2000);

const string = (value: string): Buffer => bytes(u64(value.length), value);

/** A GGUF file without tensors, of one pair whose value is a text or a list of one. */
function gguf(key: string, value: string, list = false): Buffer {
  const typed = list ? bytes(u32(9), u32(8), u64(1)) : u32(8);
  return bytes("GGUF", u32(3), u64(0), u64(1), string(key), typed, string(value));
}

function torchScript(code: string): Buffer {
  return zip(
    { name: "m/data.pkl", data: bytes(0x80, 2, "N.") },
    { name: "m/constants.pkl", data: bytes(0x80, 2, ").") },
    { name: "m/version", data: Buffer.from("3\n") },
    { name: "m/code/__torch__.py", data: Buffer.from(code) },
  );
}

describe("texts above the limit", () => {
  it("leave a GGUF file incomplete when they are templates", () => {
    for (const list of [false, true]) {
      const file = gguf("tokenizer.chat_template", LONG, list);
      expect(scanBytes(file, "m.gguf", limits).verdict).toBe("incomplete");
      expect(scanBytes(file, "m.gguf").verdict).toBe("clean");
      expect(scanBytes(gguf("tokenizer.merges", LONG, list), "m.gguf", limits).verdict).toBe("clean");
    }
  });

  it("are no names of GGUF", () => {
    const key = `tokenizer.chat_template.${"x".repeat(70_000)}`;
    const { findings } = scanBytes(gguf(key, "x"), "m.gguf");
    expect(findings.map(({ rule }) => rule)).toContain("gguf-malformed");
  });

  it("leave TorchScript incomplete", () => {
    const code = `def forward(self):\n  return 1\n${"#".repeat(2000)}\n`;
    expect(scanBytes(torchScript(code), "m.pt").verdict).toBe("clean");
    expect(scanBytes(torchScript(code), "m.pt", limits).verdict).toBe("incomplete");
  });
});
