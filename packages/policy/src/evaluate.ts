import { type Counted, countedApprovals, missingRoles, search } from "./approvals.js";
import { type Answer, ask } from "./ask.js";
import type { Policy, PolicySet } from "./load.js";
import { Malformed, readRequest } from "./request.js";
import { fillReason, fillRemedy, list, printable, shellWord, valuesOf } from "./text.js";
import type { Decision, DecisionReason, EngineReason, GateRequest } from "./types.js";

/**
 * What the policies say about a request. Never throws: whatever goes wrong is a deny with a reason. The same set
 * and request always give the same decision, byte for byte.
 */
export function evaluate(set: PolicySet, request: GateRequest): Decision {
  try {
    const asked = readRequest(request);
    return floor(set, asked) ?? decide(set, asked);
  } catch (cause) {
    if (!(cause instanceof Malformed))
      return deny(set, [own("policy-error", "The policies could not be evaluated.")]);
    return deny(set, [own("request-invalid", `The request is malformed: ${printable(cause.message)}.`)]);
  }
}

/** The negative that people bring about on purpose, and lift by revoking it. */
const CONTAINED = "contained";

/** What denies even when a policy set forgets it. */
function floor(set: PolicySet, { facts }: GateRequest): Decision | undefined {
  if (facts.negatives.length > 0) {
    const codes = printable(list(facts.negatives));
    const contained = facts.negatives.includes(CONTAINED);
    return deny(set, [
      contained
        ? own("contained", "It is contained: something it rests on was found to be bad.")
        : own("evidence-negative", `Evidence about this artifact cannot be relied on: ${codes}.`),
    ]);
  }
  if (facts.scan.present === (facts.scan.verdict === "none")) {
    return deny(set, [own("facts-inconsistent", "The facts say both that a scan holds and that none does.")]);
  }
  return undefined;
}

function decide(set: PolicySet, request: GateRequest): Decision {
  const counted = countedApprovals(request);
  const answer = ask(set, request, counted);
  const { determining } = answer;
  if (answer.errors.length > 0)
    return deny(
      set,
      answer.errors.map((error) => own("policy-error", printable(error))),
    );
  if (answer.allow) {
    const reasons = explain(set, request, determining).map((reason) => ({ ...reason, remedy: "" }));
    return { ...deny(set, reasons, determining), outcome: "allow" };
  }
  return pending(set, request, counted, answer) ?? denied(set, request, answer);
}

/** The decision when approvals are all that is missing. */
function pending(
  set: PolicySet,
  request: GateRequest,
  counted: Counted,
  answer: Answer,
): Decision | undefined {
  if (!approvalsMatter(set, answer)) return undefined;
  const allows = (approvals: Counted): boolean => ask(set, request, approvals).allow;
  const needed = search(request, set, counted, allows);
  if (needed) {
    // Without a forbid, the permits that approvals would bring into force say why.
    const ids =
      answer.determining.length > 0 ? answer.determining : ask(set, request, needed.example).determining;
    const decision = deny(set, explain(set, request, ids), answer.determining);
    return { ...decision, outcome: "pending", approvers: needed.approvers, approvalsNeeded: needed.count };
  }
  const roles = missingRoles(request, set, counted, allows);
  if (!roles) return undefined;
  return deny(set, [...denied(set, request, answer).reasons, noApprover(roles)], answer.determining);
}

/** A forbid that fired without reading approvals fires with any of them, so there is nothing to search for. */
function approvalsMatter(set: PolicySet, { determining }: Answer): boolean {
  const reads = (policy: Policy | undefined): boolean => policy?.mentions.approvals ?? false;
  if (determining.length > 0) return determining.every((id) => reads(set.policies.get(id)));
  return [...set.policies.values()].some((policy) => policy.effect === "permit" && reads(policy));
}

function denied(set: PolicySet, request: GateRequest, { determining }: Answer): Decision {
  if (determining.length > 0) return deny(set, explain(set, request, determining), determining);
  const why =
    set.policies.size === 0
      ? "There are no policies, and what no policy permits is denied."
      : `No policy permits ${request.gate} in ${printable(request.environment)}, and what no policy permits is denied.`;
  return deny(set, [own("default-deny", why)]);
}

function explain(set: PolicySet, request: GateRequest, ids: string[]): DecisionReason[] {
  const values = valuesOf(request);
  return ids.map((id) => {
    const policy = set.policies.get(id);
    const [reason, remedy] = [policy?.reason ?? id, policy?.remedy ?? ""];
    return { policy: id, reason: fillReason(reason, values), remedy: fillRemedy(remedy, values) };
  });
}

const REMEDIES: Record<EngineReason, string> = {
  "default-deny": "countersign policy test",
  contained: "countersign contain --list",
  "evidence-negative": "countersign log audit",
  "facts-inconsistent": "countersign log audit",
  "no-approver": "countersign trust allow PRINCIPAL --role approver --public-key FILE",
  "policy-error": "countersign policy test",
  "request-invalid": "countersign gate --help",
  "trust-root-expired": "countersign trust renew",
};

function own(policy: EngineReason, reason: string): DecisionReason {
  return { policy, reason, remedy: REMEDIES[policy] };
}

function noApprover(roles: string[]): DecisionReason {
  if (roles.length === 0)
    return own("no-approver", "An approval is needed, and no one (or not enough people) may approve this.");
  const who = printable(roles.join(" and "));
  const flags = roles.map((role) => `--role ${shellWord(role) ?? "ROLE"}`).join(" ");
  return {
    policy: "no-approver",
    reason: `An approval by someone with the role ${who} is needed, and no one (or not enough people) may give it.`,
    remedy: `countersign trust allow PRINCIPAL ${flags} --public-key FILE`,
  };
}

function deny(set: PolicySet, reasons: DecisionReason[], determining: string[] = []): Decision {
  return {
    outcome: "deny",
    reasons,
    approvers: [],
    approvalsNeeded: 0,
    determining,
    policyDigest: set.digest,
  };
}
