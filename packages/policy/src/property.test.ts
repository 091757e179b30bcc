import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluate } from "./evaluate.js";
import { loadPolicies } from "./load.js";
import { STARTER_POLICIES } from "./schema.js";
import { REQUEST } from "./table.js";
import { type FactsInput, GATES, type GateRequest } from "./types.js";

const set = loadPolicies(STARTER_POLICIES);
const people = fc.constantFrom("ann", "bob", "cid");
const roles = fc.constantFrom("", "security", "risk");
const environments = fc.constantFrom("dev", "staging", "production", "prod");

const scan = fc
  .record({
    verdict: fc.constantFrom("clean", "clean", "suspicious", "malicious", "incomplete", "none"),
    filesUnscanned: fc.constantFrom(0, 0, 0, 1),
    expired: fc.constantFrom(false, false, true),
  })
  .map((some) => ({
    ...some,
    present: some.verdict !== "none",
    producers: ["countersign"],
    findings: [],
    worst: "",
  }));

const facts: fc.Arbitrary<FactsInput> = fc.record({
  artifact: fc.constant(REQUEST.facts.artifact),
  scan: scan as fc.Arbitrary<FactsInput["scan"]>,
  signature: fc.constantFrom({ present: true, signers: ["ann"] }, { present: false, signers: [] }),
  declaration: fc.record({
    licence: fc.constantFrom("mit", "mit", ""),
    origin: fc.constantFrom("here", "here", ""),
    tags: fc.constant({}),
  }),
  authors: fc.constantFrom(["ann"], ["ann"], ["bob", "ann"], []),
  approvals: fc.array(
    fc.record({
      principal: people,
      action: fc.constantFrom(...GATES),
      environment: environments,
      role: roles,
    }),
    { maxLength: 6 },
  ),
  negatives: fc.constantFrom([], [], [], ["object-missing"]),
});

const requests: fc.Arbitrary<GateRequest> = fc.record({
  gate: fc.constantFrom(...GATES),
  environment: environments,
  principal: people,
  facts,
  eligibleApprovers: fc.array(fc.record({ principal: people, role: roles }), { maxLength: 4 }),
});

const worse: ((facts: FactsInput) => FactsInput)[] = [
  (f) => ({ ...f, negatives: [...f.negatives, "object-tampered"] }),
  (f) => ({ ...f, scan: { ...f.scan, present: true, verdict: "malicious" } }),
  (f) => ({ ...f, scan: { ...f.scan, present: true, verdict: "incomplete" } }),
  (f) => (f.scan.verdict === "clean" ? { ...f, scan: { ...f.scan, verdict: "suspicious" } } : f),
  (f) => ({ ...f, scan: { ...f.scan, present: false, verdict: "none" } }),
  (f) => ({ ...f, scan: { ...f.scan, filesUnscanned: f.scan.filesUnscanned + 1 } }),
  (f) => ({ ...f, scan: { ...f.scan, expired: true } }),
  (f) => ({ ...f, signature: { present: false, signers: [] } }),
  (f) => ({ ...f, declaration: { ...f.declaration, licence: "" } }),
  (f) => ({ ...f, declaration: { ...f.declaration, origin: "" } }),
];

const allows = (request: unknown): boolean => evaluate(set, request as GateRequest).outcome === "allow";

describe("with the starter policies", () => {
  it("a worse fact never turns a refusal into an allow", () => {
    fc.assert(
      fc.property(requests, fc.constantFrom(...worse), (request, worsen) => {
        if (!allows(request)) expect(allows({ ...request, facts: worsen(request.facts) })).toBe(false);
      }),
      { numRuns: 1500 },
    );
  });

  it("nor does taking an approval away", () => {
    fc.assert(
      fc.property(requests, fc.nat(5), (request, which) => {
        if (allows(request)) return;
        const approvals = request.facts.approvals.filter((_, i) => i !== which);
        expect(allows({ ...request, facts: { ...request.facts, approvals } })).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it("approvals by the authors change nothing", () => {
    fc.assert(
      fc.property(requests, roles, (request, role) => {
        const own = request.facts.authors.map((principal) => ({
          principal,
          action: request.gate,
          environment: request.environment,
          role,
        }));
        const approvals = [...request.facts.approvals, ...own];
        expect(evaluate(set, { ...request, facts: { ...request.facts, approvals } })).toEqual(
          evaluate(set, request),
        );
      }),
      { numRuns: 500 },
    );
  });

  it("garbage never throws and never allows", () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }),
        (garbage) => {
          expect(allows(garbage)).toBe(false);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it("nor does a good request with garbage in one place", () => {
    const places = placesIn(REQUEST);
    expect(allows(REQUEST)).toBe(true);
    fc.assert(
      fc.property(
        fc.constantFrom(...places),
        fc.anything({ withBigInt: true, withDate: true }),
        (place, garbage) => {
          const [request, old] = replaced(place, garbage);
          if (!fits(place.at(-1), old, garbage)) expect(allows(request)).toBe(false);
        },
      ),
      { numRuns: 1500 },
    );
  });
});

function placesIn(value: unknown, at: string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [at];
  const inner = Object.entries(value).flatMap(([key, member]) => placesIn(member, [...at, key]));
  return at.length === 0 ? inner : [at, ...inner];
}

function replaced(place: string[], garbage: unknown): [request: unknown, old: unknown] {
  const request = structuredClone(REQUEST) as unknown as Record<string, unknown>;
  const holder = place
    .slice(0, -1)
    .reduce<Record<string, unknown>>((node, key) => node[key] as typeof node, request);
  const last = place.at(-1)!;
  const old = holder[last];
  holder[last] = garbage;
  return [request, old];
}

/** Whether the garbage could be a value that belongs there. */
function fits(member: string | undefined, old: unknown, garbage: unknown): boolean {
  if (Array.isArray(old)) return Array.isArray(garbage);
  if (typeof old === "object") return member === "tags" && typeof garbage === "object";
  return typeof old === typeof garbage || (member === "region" && garbage === undefined);
}
