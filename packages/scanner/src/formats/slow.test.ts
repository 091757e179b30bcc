import { describe, expect, it } from "vitest";
import { scanBytes } from "../core/scan-bytes.js";
import { cpuTime } from "../testing/cpu-time.js";

/** Texts on which a careless pattern takes time that grows with the square of their length. */
const LONG = 1_000_000;

describe("text made to be slow", () => {
  it.each([
    ["openings without an end", "a.jinja", "{{".repeat(LONG)],
    ["openings of another kind", "a.jinja", "{%{".repeat(LONG)],
    ["empty lines", "a.yaml", "\n".repeat(LONG)],
    ["one long word", "a.yaml", "a".repeat(LONG)],
    ["many words", "a.yaml", "template ".repeat(LONG / 8)],
    ["quotes", "a.py", `"""'''`.repeat(LONG / 6)],
    ["calls", "a.py", "eval (".repeat(LONG / 6)],
    ["brackets", "a.json", "[".repeat(LONG)],
    ["objects", "a.json", '{"a":'.repeat(LONG / 5)],
    ["entities", "a.xml", "<?xml?><!ENTITY ".repeat(LONG / 16)],
    ["strings", "a.json", JSON.stringify({ chat_template: `{{ ${"'a'~".repeat(LONG / 4)}'b' }}` })],
  ])("takes no time: %s", (_, name, text) => {
    const started = cpuTime();
    scanBytes(Buffer.from(text), name);
    expect(cpuTime() - started).toBeLessThan(8_000);
  });
});
