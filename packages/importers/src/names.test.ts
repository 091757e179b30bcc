import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allowedName, originalName } from "./names.js";

const ALLOWED = /^[\p{L}\p{N}][\p{L}\p{N}._@/+-]{0,127}$/u;

describe("names", () => {
  it("keeps what is allowed", () => {
    for (const name of ["credit-risk", "org/model-7b", "Größe_2", "m@1.0"])
      expect(allowedName(name)).toBe(name);
  });

  it("escapes what is not, and undoes it", () => {
    expect(allowedName("credit risk")).toBe("credit+20risk");
    expect(allowedName("a+b")).toBe("a+2Bb");
    expect(allowedName("_x")).toBe("x+__x");
    expect(allowedName("../etc")).toBe("x+_+2E+2E/etc");
    expect(allowedName("a//b")).toBe("a+2F+2Fb");
    expect(allowedName("Dataset:x")).toBe("Dataset+3Ax");
    expect(allowedName("")).toBe("x+_");
    for (const name of ["credit risk", "a+b", "_x", "../etc", "a//b", "", "x+_", "\u202egpj", "a\u001b[2J"]) {
      expect(originalName(allowedName(name))).toBe(name);
    }
  });

  it("marks a name that was too long with a digest", () => {
    const long = allowedName("a".repeat(500));
    expect(long).toHaveLength(128);
    expect(originalName(long)).toBeUndefined();
    expect(allowedName(`${"a".repeat(499)}b`)).not.toBe(long);
  });

  it("is allowed and reversible whatever comes", () => {
    const text = fc.oneof(fc.string({ unit: "binary", maxLength: 300 }), fc.string({ maxLength: 60 }));
    fc.assert(
      fc.property(text, (name) => {
        const made = allowedName(name);
        expect(made).toMatch(ALLOWED);
        expect(made.split("/").some((part) => part === "" || part === "." || part === "..")).toBe(false);
        const back = originalName(made);
        if (back !== undefined) expect(back).toBe(Buffer.from(name).toString());
      }),
      { numRuns: 2_000 },
    );
  });

  it("never gives two names one", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), fc.string({ maxLength: 200 }), (a, b) => {
        if (a !== b) expect(allowedName(a)).not.toBe(allowedName(b));
      }),
      { numRuns: 2_000 },
    );
  });
});
