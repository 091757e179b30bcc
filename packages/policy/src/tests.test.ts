import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadPolicies } from "./load.js";
import { STARTER_POLICIES } from "./schema.js";
import { readTable } from "./table.js";
import { runPolicyTests } from "./tests.js";

describe("the starter policies", () => {
  const report = runPolicyTests(STARTER_POLICIES);

  it.each(report.results)("$file:$line $name", ({ expected, actual, ok }) => {
    expect(actual).toBe(expected);
    expect(ok).toBe(true);
  });

  it("all fire in some case", () => {
    expect(report).toMatchObject({ ok: true, neverFired: [] });
  });

  it("each say something to do, and hold one idea in a file of their name", () => {
    for (const { id, file, remedy } of loadPolicies(STARTER_POLICIES).policies.values()) {
      expect(remedy).toMatch(/^countersign [a-z]+/);
      expect(file).toBe(`${id}.cedar`);
    }
  });

  it.each([...loadPolicies(STARTER_POLICIES).policies.values()])(
    "are noticed when one is missing: $id",
    ({ file }) => {
      const copy = mkdtempSync(join(tmpdir(), "policy-"));
      cpSync(STARTER_POLICIES, copy, { recursive: true });
      rmSync(join(copy, file));
      expect(runPolicyTests(copy).ok).toBe(false);
      rmSync(copy, { recursive: true });
    },
  );
});

describe("runPolicyTests", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "policy-"));
    cpSync(join(STARTER_POLICIES, "base-permit.cedar"), join(directory, "base-permit.cedar"));
    cpSync(join(STARTER_POLICIES, "no-malicious.cedar"), join(directory, "no-malicious.cedar"));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it("says what was expected, what came, where, and what never fired", () => {
    writeFileSync(join(directory, "a.test.yaml"), "cases:\n  - name: wrong\n    expect: deny\n");
    const report = runPolicyTests(directory);
    expect(report).toMatchObject({ ok: false, neverFired: ["no-malicious"] });
    expect(report.results).toEqual([
      {
        file: "a.test.yaml",
        line: 2,
        name: "wrong",
        ok: false,
        expected: "deny",
        actual: "allow because of [base-permit]",
      },
    ]);
  });

  it("compares reasons, approvers and their number when asked", () => {
    const expectation = "{ outcome: allow, policies: [no-malicious], approvers: [x], approvalsNeeded: 1 }";
    writeFileSync(join(directory, "a.test.yaml"), `cases: [{ name: wrong, expect: ${expectation} }]`);
    expect(runPolicyTests(directory).results[0]).toMatchObject({
      ok: false,
      expected: "allow because of [no-malicious], approvers [x], approvals needed 1",
      actual: "allow because of [base-permit], approvers [], approvals needed 0",
    });
  });

  it("refuses to pass when there is nothing to run", () => {
    expect(() => runPolicyTests(directory)).toThrow(/no \*\.test\.yaml/);
  });

  it("may take the policies from elsewhere", () => {
    writeFileSync(join(directory, "a.test.yaml"), "cases: [{ name: fine, expect: allow }]");
    expect(runPolicyTests(directory, STARTER_POLICIES).ok).toBe(true);
  });
});

describe("a table that is refused, with file and line", () => {
  const bomb = `a: &a [x, x, x, x, x, x, x, x, x]\n${"bcdefghi"
    .split("")
    .map((name, i) => `${name}: &${name} [${Array(9).fill(`*${"abcdefgh"[i]}`).join(", ")}]\n`)
    .join("")}cases: *i`;
  const tables: [title: string, text: string, message: RegExp][] = [
    ["not YAML", "cases: [", /^t\.test\.yaml:1: /],
    ["a duplicate key", "cases: []\ncases: []", /^t\.test\.yaml:2: /],
    ["an unfolding of aliases", bomb, /not a table/],
    ["deep nesting", "[".repeat(50_000), /t\.test\.yaml/],
    ["no cases", "cases: []", /no cases/],
    ["no name", "cases:\n  - expect: allow", /^t\.test\.yaml:2: the case has no name/],
    [
      "an unknown field",
      "cases:\n  - { name: x, expect: allow, gates: x }",
      /^t\.test\.yaml:2: gates is unknown/,
    ],
    [
      "an unknown fact",
      "cases:\n\n  - name: x\n    expect: allow\n    facts: { scan: { verdit: x } }",
      /:3: .*verdit is unknown/,
    ],
    [
      "an unknown fact given to all",
      "given: { facts: { x: 1 } }\ncases: [{ name: x, expect: allow }]",
      /facts\.x is unknown/,
    ],
    ["a list for a map", "cases: [{ name: x, expect: allow, facts: [] }]", /facts must be a map/],
    ["no expectation", "cases: [{ name: x }]", /must be a map/],
    ["an unknown outcome", "cases: [{ name: x, expect: maybe }]", /allow, deny or pending/],
    [
      "policies that are no list",
      "cases: [{ name: x, expect: { outcome: deny, policies: x } }]",
      /lists of names/,
    ],
    [
      "a count that is no number",
      "cases: [{ name: x, expect: { outcome: deny, approvalsNeeded: x } }]",
      /a number/,
    ],
    ["__proto__", "cases: [{ name: x, expect: allow, __proto__: { gate: ingest } }]", /__proto__ is unknown/],
  ];
  it.each(tables)("%s", (_, text, message) => {
    expect(() => readTable("t.test.yaml", text)).toThrowError(
      expect.objectContaining({ code: "policy-invalid", message: expect.stringMatching(message) }),
    );
  });

  it("but tags may have any name", () => {
    const text = "cases: [{ name: x, expect: allow, facts: { declaration: { tags: { team: risk } } } }]";
    expect(readTable("t.test.yaml", text)[0]?.request.facts.declaration.tags).toEqual({ team: "risk" });
  });

  it("and every starter table is one", () => {
    const text = readFileSync(join(STARTER_POLICIES, "scan.test.yaml"), "utf8");
    expect(readTable("scan.test.yaml", text).length).toBeGreaterThan(5);
  });
});
