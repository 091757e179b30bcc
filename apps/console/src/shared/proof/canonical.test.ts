import { canonicalJson } from "@countersign/evidence";
import { describe, expect, it } from "vitest";
import { canonical } from "./canonical.js";

describe("the browser's canonical JSON", () => {
  it("writes leaves as the log wrote them", () => {
    const leaf = {
      workspace: "default",
      v: 1,
      at: 1_795_229_826_000,
      subjects: ["sha256:b", "sha256:a"],
      predicate: "scan",
    };
    expect(canonical(leaf)).toBe(new TextDecoder().decode(canonicalJson(leaf)));
  });

  it("refuses what a leaf cannot hold", () => {
    expect(() => canonical({ at: 1.5 })).toThrow("whole numbers");
    expect(() => canonical({ at: undefined })).toThrow("undefined");
  });
});
