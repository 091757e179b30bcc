import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { RULES } from "../rules/rules.js";
import { rulePages } from "./rule-page.js";

const directory = fileURLToPath(new URL("../../../../docs/rules/", import.meta.url));

describe("docs/rules", () => {
  const pages = rulePages();
  it("has a page for each rule and no other", () => {
    expect(readdirSync(directory).sort()).toEqual([...pages.keys()].sort());
  });
  it.each([...pages])(
    "%s says what the rule says (run conformance/scanner/write-rules.mjs)",
    (name, text) => {
      expect(readFileSync(join(directory, name), "utf8")).toBe(text);
    },
  );
});

describe("rules", () => {
  it.each(Object.entries(RULES))("%s is a sentence that helps", (_, rule) => {
    expect(rule.title).not.toMatch(/\.$/);
    expect(rule.consequence).toMatch(/\.$/);
    expect(rule.remedy).toMatch(/\.$/);
    if (rule.outcome === "malicious") expect(["high", "critical"]).toContain(rule.severity);
  });
});
