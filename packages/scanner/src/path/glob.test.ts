import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cpuTime } from "../testing/cpu-time.js";
import { excludes, isPattern, matchesPath, splitPattern } from "./glob.js";

describe("patterns of paths", () => {
  it.each([
    ["*.pkl", "a.pkl", true],
    ["*.pkl", "sub/a.pkl", false],
    ["**/*.pkl", "a.pkl", true],
    ["**/*.pkl", "x/y/a.pkl", true],
    ["v*/model.??", "v12/model.pt", true],
    ["v*/model.??", "v12/model.onnx", false],
    ["a/**/b", "a/b", true],
    ["a/**/b", "a/x/y/b", true],
    ["a/**/b", "a/x/y/c", false],
    ["a/**", "a/x/y", true],
    ["[a-c]*.bin", "beta.bin", true],
    ["[!a-c]*.bin", "beta.bin", false],
    ["x[", "x[", true],
    ["", "", true],
  ])("%s on %s: %s", (pattern, path, fits) => {
    expect(matchesPath(pattern, path)).toBe(fits);
  });

  it.each([
    ["*.md", "docs/deep/x.md", true],
    ["docs", "docs/deep/x.md", true],
    ["docs/", "docs/deep/x.md", true],
    ["deep", "docs/deep/x.md", true],
    ["docs/x.md", "docs/deep/x.md", false],
    ["./docs/*", "docs/deep/x.md", true],
    ["ocs", "docs/deep/x.md", false],
  ])("leaves out by %s %s: %s", (pattern, path, fits) => {
    expect(excludes(pattern, path)).toBe(fits);
  });

  it("knows where wildcards begin", () => {
    expect(splitPattern("models/v*/**/x.pkl")).toEqual({ base: "models", below: "v*/**/x.pkl" });
    expect(splitPattern("*.pkl")).toEqual({ base: ".", below: "*.pkl" });
    expect(splitPattern("/*.pkl")).toEqual({ base: "/", below: "*.pkl" });
    expect([isPattern("a.pkl"), isPattern("a?.pkl")]).toEqual([false, true]);
  });

  it("fits every path with **, and a name without wildcards only with itself", () => {
    const path = fc.array(fc.stringMatching(/^[a-z.\u00e9\u{1f600}]{1,8}$/u), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(path, path, (one, other) => {
        expect(matchesPath("**", one.join("/"))).toBe(true);
        expect(matchesPath(one.join("/"), other.join("/"))).toBe(one.join("/") === other.join("/"));
      }),
    );
  });

  it("is not slow on a hostile pattern", () => {
    const started = cpuTime();
    matchesPath(`${"*a".repeat(200)}b`, "a".repeat(4000));
    matchesPath(`${"**/a/".repeat(100)}b`, "a/".repeat(1000));
    expect(cpuTime() - started).toBeLessThan(2_000);
  });
});
