import type { StatefulAuthorizationCall } from "@cedar-policy/cedar-wasm/nodejs";
import { CountersignError } from "@countersign/evidence";
import type { Counted } from "./approvals.js";
import { callCedar, slotOf } from "./cedar.js";
import type { PolicySet } from "./load.js";
import { SCHEMA } from "./schema.js";
import type { GateRequest } from "./types.js";

export interface Answer {
  allow: boolean;
  /** `@id`s of the policies that determined it; sorted. */
  determining: string[];
  /** Messages of the policies that could not be evaluated, which Cedar skips. Any makes the answer worthless. */
  errors: string[];
}

const SCHEMA_KEY = {};

/** Puts one request to Cedar, with `approvals` as those that count. */
export function ask(set: PolicySet, request: GateRequest, approvals: Counted): Answer {
  return callCedar((cedar) => {
    const schema = slotOf(SCHEMA_KEY, (name) => parsed(cedar.preparseSchema(name, SCHEMA)));
    const policies = slotOf(set, (name) => {
      const sources = [...set.policies].map(([id, policy]) => [id, policy.source]);
      parsed(cedar.preparsePolicySet(name, { staticPolicies: Object.fromEntries(sources) }));
    });
    const answer = cedar.statefulIsAuthorized({
      ...callOf(request, approvals, set.mentions.strings),
      preparsedSchemaName: schema,
      validateRequest: true,
      preparsedPolicySetId: policies,
    });
    if (answer.type === "failure")
      return { allow: false, determining: [], errors: answer.errors.map((e) => e.message) };
    const { decision, diagnostics } = answer.response;
    return {
      allow: decision === "allow" && diagnostics.errors.length === 0,
      determining: diagnostics.reason.sort(),
      errors: diagnostics.errors.map(({ policyId, error }) => `${policyId}: ${error.message}`).sort(),
    };
  });
}

function parsed(answer: { type: string }): void {
  if (answer.type !== "success")
    throw new CountersignError("policy-error", "the policy engine refused its policies");
}

type Uid = { type: string; id: string };
const uid = (type: string, id: string): Uid => ({ type, id });
const principals = (ids: Iterable<string>): Uid[] => Array.from(ids, (id) => uid("Principal", id));

type Question = Pick<StatefulAuthorizationCall, "principal" | "action" | "resource" | "context" | "entities">;

/** Handing a value over costs more than deciding on it, so lists that no policy reads stay empty. */
function callOf(request: GateRequest, approvals: Counted, read: ReadonlySet<string>): Question {
  const { gate, environment, region, principal, facts } = request;
  const { artifact, scan, signature, declaration } = facts;
  const resource = uid("Artifact", artifact.digest);
  const known = <T>(name: string, list: () => T[]): T[] => (read.has(name) ? list() : []);
  return {
    principal: uid("Principal", principal),
    action: uid("Action", gate),
    resource,
    context: {
      environment,
      region: region ?? "",
      approvals: {
        count: approvals.size,
        principals: known("principals", () => principals(approvals.keys())),
        roles: known("roles", () => [...new Set([...approvals.values()].flat())]),
      },
    },
    entities: [
      {
        uid: resource,
        parents: [],
        tags: declaration.tags,
        attrs: {
          ...artifact,
          formats: known("formats", () => artifact.formats),
          scan: {
            present: scan.present,
            filesUnscanned: scan.filesUnscanned,
            expired: scan.expired,
            verdict: uid("Verdict", scan.verdict),
            producers: known("producers", () => scan.producers),
            findings: known("findings", () => scan.findings),
          },
          signature: {
            present: signature.present,
            signers: known("signers", () => principals(signature.signers)),
          },
          declaration: { licence: declaration.licence, origin: declaration.origin },
          authors: known("authors", () => principals(facts.authors)),
          negatives: known("negatives", () => facts.negatives),
        },
      },
    ],
  };
}
