import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { evaluate } from "./evaluate.js";
import { loadPolicies, type PolicySet } from "./load.js";
import { FACTS, REQUEST } from "./table.js";
import type { FactsInput, GateRequest } from "./types.js";

const PERMIT = '@id("permit-all") @reason("all") @remedy("none") permit (principal, action, resource);';
const forbid = (id: string, when: string): string =>
  `@id("${id}") @reason("{name} {verdict}") @remedy("countersign admit PATH --name {name}")
   forbid (principal, action, resource) when { ${when} };`;
const setOf = (...policies: string[]): PolicySet => loadPolicies({ "a.cedar": policies.join("\n") });
const facts = (said: Partial<FactsInput>): GateRequest => ({ ...REQUEST, facts: { ...FACTS, ...said } });
const named = (name: string): GateRequest => facts({ artifact: { ...FACTS.artifact, name } });

describe("the trap: Cedar skips a forbid that reads what is not there, and allows", () => {
  const trap = 'forbid (principal, action, resource) when { resource.nope == "malicious" };';

  it("is real", () => {
    const cedar: typeof import("@cedar-policy/cedar-wasm/nodejs") = createRequire(import.meta.url)(
      "@cedar-policy/cedar-wasm/nodejs",
    );
    const answer = cedar.isAuthorized({
      principal: { type: "Principal", id: "p" },
      action: { type: "Action", id: "promote" },
      resource: { type: "Artifact", id: "a" },
      context: {},
      policies: { staticPolicies: { permit: "permit (principal, action, resource);", trap } },
      entities: [{ uid: { type: "Artifact", id: "a" }, attrs: {}, parents: [] }],
    });
    expect(answer).toMatchObject({
      response: { decision: "allow", diagnostics: { errors: [{ policyId: "trap" }] } },
    });
  });

  it("is closed by validation, and denies even in a set that was never validated", () => {
    const good = setOf(PERMIT, forbid("trap", "resource.files > 5"));
    const policies = new Map(good.policies);
    const old = policies.get("trap");
    if (!old) throw new Error("no such policy");
    policies.set("trap", { ...old, source: trap });
    expect(evaluate(good, REQUEST).outcome).toBe("allow");
    const decision = evaluate({ ...good, policies }, REQUEST);
    expect(decision).toMatchObject({ outcome: "deny", reasons: [{ policy: "policy-error" }] });
    expect(decision.reasons[0]?.reason).toMatch(/trap/);
  });

  it("is closed for what validation cannot see: an overflow", () => {
    const set = setOf(PERMIT, forbid("sum", "resource.files + 9223372036854775807 < 0"));
    expect(evaluate(set, REQUEST)).toMatchObject({ outcome: "deny", reasons: [{ policy: "policy-error" }] });
    expect(evaluate(set, facts({ artifact: { ...FACTS.artifact, files: 0 } })).outcome).toBe("allow");
  });
});

describe("who wins", () => {
  it("nobody: without policies, and where none permits, the answer is deny", () => {
    expect(evaluate(loadPolicies({}), REQUEST)).toMatchObject({
      outcome: "deny",
      reasons: [{ policy: "default-deny" }],
    });
    const decision = evaluate(setOf(forbid("never", "resource.files > 5")), REQUEST);
    expect(decision).toMatchObject({
      outcome: "deny",
      determining: [],
      reasons: [{ policy: "default-deny" }],
    });
  });

  it("a forbid, over any number of permits", () => {
    const set = setOf(
      PERMIT,
      PERMIT.replace("permit-all", "permit-too"),
      forbid("no", "resource.files == 1"),
    );
    expect(evaluate(set, REQUEST)).toMatchObject({ outcome: "deny", determining: ["no"] });
  });

  it("the engine, when evidence is negative or contradicts itself and no policy minds", () => {
    const set = setOf(PERMIT);
    expect(evaluate(set, facts({ negatives: ["object-missing"] }))).toMatchObject({
      outcome: "deny",
      reasons: [{ policy: "evidence-negative", remedy: "countersign log audit" }],
    });
    for (const scan of [{ present: false }, { verdict: "none" as const }]) {
      const decision = evaluate(set, facts({ scan: { ...FACTS.scan, ...scan } }));
      expect(decision).toMatchObject({ outcome: "deny", reasons: [{ policy: "facts-inconsistent" }] });
    }
  });
});

describe("a decision", () => {
  it("gives every forbid that fired, sorted, filled in", () => {
    const set = setOf(PERMIT, forbid("b", "resource.files == 1"), forbid("a", "resource.files < 2"));
    expect(evaluate(set, REQUEST)).toEqual({
      outcome: "deny",
      reasons: [
        { policy: "a", reason: "example clean", remedy: "countersign admit PATH --name example" },
        { policy: "b", reason: "example clean", remedy: "countersign admit PATH --name example" },
      ],
      approvers: [],
      approvalsNeeded: 0,
      determining: ["a", "b"],
      policyDigest: set.digest,
    });
  });

  it("is the same bytes for the same input", () => {
    const names = Array.from({ length: 20 }, (_, i) => `p${i}`);
    const set = setOf(PERMIT, ...names.map((id) => forbid(id, "resource.files == 1")));
    const bytes = JSON.stringify(evaluate(set, REQUEST));
    for (let i = 0; i < 20; i++) expect(JSON.stringify(evaluate(set, REQUEST))).toBe(bytes);
  });

  it("never puts a name into a command as more than one word", () => {
    const set = setOf(PERMIT, forbid("a", "resource.files == 1"));
    const remedy = (name: string): string | undefined => evaluate(set, named(name)).reasons[0]?.remedy;
    expect(remedy("x; rm -rf ~")).toBe("countersign admit PATH --name 'x; rm -rf ~'");
    expect(remedy("it's $(id)")).toBe("countersign admit PATH --name 'it'\\''s $(id)'");
    for (const name of ["", "--force", "a\nb", "\u001b[2J", "\u202efdp", "x".repeat(500)]) {
      expect(remedy(name)).toBe("countersign admit PATH --name NAME");
    }
  });

  it("never puts control characters or endless text into a sentence", () => {
    const set = setOf(PERMIT, forbid("a", "resource.files == 1"));
    expect(evaluate(set, named("a\u001b[2J\u202eb\n")).reasons[0]?.reason).toBe(
      "a\ufffd[2J\ufffdb\ufffd clean",
    );
    expect(evaluate(set, named("x".repeat(60_000))).reasons[0]?.reason.length).toBeLessThan(300);
    expect(evaluate(set, named("$& $1 {digest}")).reasons[0]?.reason).toBe("$& $1 {digest} clean");
  });

  it("reads tags by any name as tags", () => {
    const tags = Object.fromEntries([
      ["__proto__", "x"],
      ["__entity", "y"],
      ["team", "risk"],
    ]);
    const has = (name: string, tag: string): string =>
      `resource.hasTag("${name}") && resource.getTag("${name}") == "${tag}"`;
    const set = setOf(
      PERMIT,
      forbid("a", `${has("__proto__", "x")} && ${has("__entity", "y")} && ${has("team", "risk")}`),
    );
    const request = facts({ declaration: { ...FACTS.declaration, tags } });
    expect(evaluate(set, request).outcome).toBe("deny");
    expect(evaluate(set, REQUEST).outcome).toBe("allow");
  });
});

describe("a malformed request", () => {
  const set = setOf(PERMIT);
  const broken: [title: string, request: unknown][] = [
    ["nothing", undefined],
    ["a list", []],
    ["an unknown gate", { ...REQUEST, gate: "lunch" }],
    ["no principal", { ...REQUEST, principal: "" }],
    ["no environment", { ...REQUEST, environment: "" }],
    ["a missing fact", { ...REQUEST, facts: { ...FACTS, negatives: undefined } }],
    [
      "a verdict of another kind",
      { ...REQUEST, facts: { ...FACTS, scan: { ...FACTS.scan, verdict: "fine" } } },
    ],
    ["a fraction of files", { ...REQUEST, facts: { ...FACTS, artifact: { ...FACTS.artifact, files: 0.5 } } }],
    ["a lone surrogate", { ...REQUEST, principal: "\ud800" }],
    ["an author without a name", { ...REQUEST, facts: { ...FACTS, authors: [""] } }],
    ["one author for a list", { ...REQUEST, facts: { ...FACTS, authors: "author" } }],
    [
      "an entity for a string",
      { ...REQUEST, facts: { ...FACTS, authors: [{ __entity: { type: "Principal", id: "x" } }] } },
    ],
    [
      "a getter that throws",
      {
        get gate() {
          throw new Error("boo");
        },
      },
    ],
  ];
  it.each(broken)("denies: %s", (_, request) => {
    const decision = evaluate(set, request as GateRequest);
    expect(decision.outcome).toBe("deny");
    expect(["request-invalid", "policy-error"]).toContain(decision.reasons[0]?.policy);
  });
});

describe("the engine's few slots", () => {
  it("keep many sets apart", () => {
    const sets = Array.from({ length: 20 }, (_, i) => setOf(PERMIT, forbid("no", `resource.files == ${i}`)));
    for (let round = 0; round < 2; round++) {
      sets.forEach((set, i) => {
        const artifact = { ...FACTS.artifact, files: 7 };
        expect(evaluate(set, facts({ artifact })).outcome).toBe(i === 7 ? "deny" : "allow");
      });
    }
  });
});
