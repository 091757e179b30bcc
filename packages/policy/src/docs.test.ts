import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { evaluate } from "./evaluate.js";
import { readFiles } from "./files.js";
import { loadPolicies } from "./load.js";
import { SCHEMA, STARTER_POLICIES } from "./schema.js";
import { readTable } from "./table.js";
import { runPolicyTests } from "./tests.js";
import { PLACEHOLDERS } from "./text.js";
import { ENGINE_REASONS } from "./types.js";

const page = readFileSync(new URL("../../../docs/policy.md", import.meta.url), "utf8");
const block = (language: string): string => page.split(`\`\`\`${language}\n`)[1]?.split("```")[0] ?? "";

describe("docs/policy.md", () => {
  it("has an example that loads beside the starter policies, and a table that passes", () => {
    const set = loadPolicies({ ...readFiles(STARTER_POLICIES, ".cedar"), "example.cedar": block("cedar") });
    for (const { name, request, expect: expected } of readTable("example.test.yaml", block("yaml"))) {
      const decision = evaluate(set, request);
      expect(decision.outcome, name).toBe(expected.outcome);
      if (expected.policies) expect(decision.determining, name).toEqual(expected.policies);
    }
    expect(runPolicyTests(STARTER_POLICIES, set).neverFired).toEqual(["no-pickle-in-production"]);
  });

  it("names every starter policy, engine reason, placeholder and attribute", () => {
    const ids = [...loadPolicies(STARTER_POLICIES).policies.keys()];
    const attributes = [...SCHEMA.matchAll(/^ {2}(\w+): \w/gm)].map(([, name]) => name ?? "");
    expect(attributes.length).toBeGreaterThan(20);
    for (const name of [...ids, ...ENGINE_REASONS]) expect(page).toContain(`\`${name}\``);
    for (const name of PLACEHOLDERS) expect(page).toContain(`\`{${name}}\``);
    for (const name of attributes.filter((one) => one !== "resource"))
      expect(page, name).toMatch(new RegExp(`\\b${name}\\b`));
  });
});
