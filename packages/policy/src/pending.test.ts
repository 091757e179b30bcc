import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluate } from "./evaluate.js";
import { loadPolicies, type PolicySet } from "./load.js";
import { FACTS, REQUEST } from "./table.js";
import type { Approval, EligibleApprover, GateRequest } from "./types.js";

const head = (id: string): string => `@id("${id}") @reason("{gate}") @remedy("countersign approve {digest}")`;
const PERMIT = `${head("permit-all")} permit (principal, action, resource);`;
const unless = (...conditions: string[]): PolicySet => {
  const forbids = conditions.map(
    (one, i) => `${head(`f${i}`)} forbid (principal, action, resource) unless { ${one} };`,
  );
  return loadPolicies({ "a.cedar": [PERMIT, ...forbids].join("\n") });
};
const approval = (by: EligibleApprover): Approval => ({ ...by, action: "promote", environment: "dev" });
const ask = (eligibleApprovers: EligibleApprover[], approvals: Approval[] = []): GateRequest => ({
  ...REQUEST,
  principal: "robot",
  eligibleApprovers,
  facts: { ...FACTS, authors: ["ann"], approvals },
});
const people = (...names: string[]): EligibleApprover[] =>
  names.map((one) => {
    const [principal = "", role = ""] = one.split("/");
    return { principal, role };
  });

describe("pending", () => {
  it("names everyone who may approve, never an author nor one who has", () => {
    const set = unless("context.approvals.count >= 2");
    const held = people("bob").map(approval);
    expect(evaluate(set, ask(people("ann", "bob", "cid", "dan"), held))).toMatchObject({
      outcome: "pending",
      approvers: ["cid", "dan"],
      approvalsNeeded: 1,
      reasons: [{ policy: "f0", remedy: `countersign approve ${FACTS.artifact.digest}` }],
    });
  });

  it("counts and names none of several authors, and says who they are", () => {
    const forbid = head("f0").replace("{gate}", "not {authors}");
    const set = loadPolicies({
      "a.cedar": `${PERMIT}\n${forbid} forbid (principal, action, resource) unless { context.approvals.count >= 1 };`,
    });
    const request = ask(people("ann", "bob", "cid"), people("ann", "bob").map(approval));
    expect(evaluate(set, { ...request, facts: { ...request.facts, authors: ["bob", "ann"] } })).toMatchObject(
      {
        outcome: "pending",
        approvers: ["cid"],
        approvalsNeeded: 1,
        reasons: [{ policy: "f0", reason: "not ann, bob" }],
      },
    );
  });

  it("needs as many as there must be, up to five", () => {
    const crowd = people("a", "b", "c", "d", "e", "f", "g");
    for (const count of [1, 2, 3, 4, 5]) {
      const decision = evaluate(unless(`context.approvals.count >= ${count}`), ask(crowd));
      expect(decision).toMatchObject({ outcome: "pending", approvalsNeeded: count });
      expect(decision.approvers).toHaveLength(7);
    }
    expect(evaluate(unless("context.approvals.count >= 6"), ask(crowd)).outcome).toBe("deny");
  });

  it("names those with the roles that are asked for", () => {
    const both = unless('context.approvals.roles.containsAll(["risk", "security"])');
    const crowd = people("a/risk", "b/security", "c/design", "d/risk");
    expect(evaluate(both, ask(crowd))).toMatchObject({ approvers: ["a", "b", "d"], approvalsNeeded: 2 });
    const twoRoles = people("a/risk", "a/security", "b/security");
    expect(evaluate(both, ask(twoRoles))).toMatchObject({ approvers: ["a"], approvalsNeeded: 1 });
  });

  it("knows the person whom a policy names, and the one who asks", () => {
    const cid = unless('context.approvals.principals.contains(Principal::"cid")');
    expect(evaluate(cid, ask(people("bob", "cid")))).toMatchObject({ approvers: ["cid"] });
    const notAsker = unless(
      "context.approvals.count >= 1 && !context.approvals.principals.contains(principal)",
    );
    expect(evaluate(notAsker, ask(people("robot", "bob")))).toMatchObject({ approvers: ["bob"] });
  });

  it("explains itself by the permit that approvals would bring into force", () => {
    const permit = `${head("when-approved")} permit (principal, action, resource) when { context.approvals.count > 0 };`;
    const set = loadPolicies({ "a.cedar": permit });
    expect(evaluate(set, ask(people("bob")))).toMatchObject({
      outcome: "pending",
      determining: [],
      reasons: [{ policy: "when-approved", reason: "promote" }],
    });
  });

  it("is no answer when something else forbids as well", () => {
    const set = unless("context.approvals.count >= 1", "resource.files == 7");
    const decision = evaluate(set, ask(people("bob")));
    expect(decision).toMatchObject({
      outcome: "deny",
      determining: ["f0", "f1"],
      approvers: [],
      approvalsNeeded: 0,
    });
    expect(decision.reasons.map((reason) => reason.policy)).toEqual(["f0", "f1"]);
  });

  it.each([
    ["nobody is eligible", people()],
    ["only the author is", people("ann")],
    ["too few are", people("ann", "bob")],
  ])("is no answer when %s", (_, eligible) => {
    const decision = evaluate(unless("context.approvals.count >= 2"), ask(eligible));
    expect(decision.outcome).toBe("deny");
    expect(decision.reasons.map((reason) => reason.policy)).toEqual(["f0", "no-approver"]);
    expect(decision.reasons[1]?.remedy).toMatch(/^countersign trust/);
  });

  it.each([
    ['context.approvals.roles.contains("security")', people("bob/risk"), "--role security"],
    [
      'context.approvals.roles.containsAll(["security", "risk"])',
      people("bob/design"),
      "--role risk --role security",
    ],
    ['context.approvals.roles.containsAll(["security", "risk"])', people("bob/risk"), "--role security"],
    [
      'context.approvals.count >= 2 && context.approvals.roles.contains("security")',
      people("bob/security"),
      "--role approver",
    ],
    ['context.approvals.roles.contains("it\'s; rm")', people("bob"), "--role 'it'\\''s; rm'"],
    ['context.approvals.principals.contains(Principal::"cid")', people("bob"), "--role approver"],
  ])("says which roles are missing: %s", (condition, eligible, flags) => {
    const reason = evaluate(unless(condition), ask(eligible)).reasons[1];
    expect(reason).toMatchObject({
      policy: "no-approver",
      remedy: `countersign trust allow PRINCIPAL ${flags} --public-key FILE`,
    });
  });

  it("keeps the roles of those who have approved when it looks for what is missing", () => {
    const both = unless('context.approvals.roles.containsAll(["security", "risk"])');
    const decision = evaluate(both, ask(people("bob/risk"), people("bob/risk").map(approval)));
    expect(decision.reasons[1]?.reason).toBe(
      "An approval by someone with the role security is needed, and no one (or not enough people) may give it.",
    );
  });

  it("stays quick among a thousand approvers", () => {
    const crowd = people(...Array.from({ length: 1000 }, (_, i) => `p${i}/team${i % 50}`));
    const started = process.cpuUsage();
    expect(evaluate(unless("context.approvals.count >= 3"), ask(crowd)).approvers).toHaveLength(1000);
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(1000);
  });
});

const CONDITIONS = [
  "context.approvals.count >= 1",
  "context.approvals.count >= 2",
  "context.approvals.count != 1",
  'context.approvals.roles.contains("risk")',
  'context.approvals.roles.containsAll(["risk", "security"])',
  'context.approvals.roles == ["risk"]',
  "!context.approvals.roles.isEmpty()",
  'context.approvals.principals.contains(Principal::"cid")',
  '!context.approvals.principals.contains(Principal::"dan")',
  "!context.approvals.principals.contains(principal)",
  "context.approvals.principals.containsAny(resource.signature.signers)",
  "context.approvals.roles.containsAny(resource.formats)",
];

function* subsets(names: string[], size: number): Generator<string[]> {
  if (size === 0) yield [];
  for (let i = 0; size > 0 && i < names.length; i++) {
    for (const rest of subsets(names.slice(i + 1), size - 1)) yield [names[i]!, ...rest];
  }
}

describe("pending, against trying every set of people", () => {
  const person = fc.record({
    principal: fc.constantFrom("ann", "bob", "cid", "dan", "eve", "robot"),
    role: fc.constantFrom("", "risk", "security", "design", "onnx"),
  });

  it("names exactly those in a smallest set that allows", { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.constantFrom(...CONDITIONS), { minLength: 1, maxLength: 2 }),
        fc.array(person, { maxLength: 7 }),
        fc.array(person, { maxLength: 2 }),
        (conditions, eligible, given) => {
          const set = unless(...conditions);
          const request = ask(eligible, given.map(approval));
          request.facts.signature.signers = ["eve"];
          const decision = evaluate(set, request);
          const allows = (names: string[]): boolean => {
            const more = eligible.filter(({ principal }) => names.includes(principal)).map(approval);
            const approvals = [...request.facts.approvals, ...more];
            return evaluate(set, { ...request, facts: { ...request.facts, approvals } }).outcome === "allow";
          };
          const given_ = new Set(given.map(({ principal }) => principal));
          const all = [...new Set(eligible.map(({ principal }) => principal))];
          const able = all.filter((name) => name !== "ann" && !given_.has(name)).sort();
          for (let size = 0; size <= 5; size++) {
            const helping = [...subsets(able, size)].filter(allows);
            if (helping.length === 0) continue;
            expect(decision.approvalsNeeded).toBe(size);
            expect(decision.outcome).toBe(size === 0 ? "allow" : "pending");
            expect(decision.approvers).toEqual([...new Set(helping.flat())].sort());
            return;
          }
          expect(decision.outcome).toBe("deny");
        },
      ),
      { numRuns: 150 },
    );
  });
});
