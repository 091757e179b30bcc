import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { neutralise, safe, safeJson } from "./safe.js";
import { red } from "./style.js";

const HOSTILE = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

describe("text for a terminal", () => {
  it("shows control characters instead of sending them", () => {
    expect(neutralise("a\u001b[31mb\u0007\r\n\u009b1m\u202egpj.exe")).toBe(
      "a\\x1b[31mb\\x07\\x0d\\x0a\\x9b1m\\u202egpj.exe",
    );
  });

  it("leaves other scripts and emoji as they are", () => {
    expect(neutralise("modèle-信用 📦 ريسك")).toBe("modèle-信用 📦 ريسك");
  });

  it("neutralises every value of a template, and only those", () => {
    const line = safe`${red("no")}\t${"x\u001b[2J"}`;
    expect(line.plain).toBe("no\tx\\x1b[2J");
    expect(line.text).toBe("\u001b[31mno\u001b[39m\tx\\x1b[2J");
  });

  it("neutralises inside a style", () => {
    expect(red("\u001b]0;owned\u0007").plain).toBe("\\x1b]0;owned\\x07");
  });

  it("lets nothing through that acts, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(safe`${text}`.plain).not.toMatch(HOSTILE);
      }),
    );
  });

  it("writes JSON that says the same and does nothing", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const written = safeJson({ text }, 0);
        expect(JSON.parse(written)).toEqual({ text });
        expect(written).not.toMatch(HOSTILE);
      }),
    );
  });
});
