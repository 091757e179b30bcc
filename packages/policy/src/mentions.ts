import type { PolicyJson } from "@cedar-policy/cedar-wasm/nodejs";

/** What a policy, or all of them, name. */
export interface Mentions {
  /** False only when no approval can change what is said. */
  readonly approvals: boolean;
  /** Every string, attribute and member name: what is not among them is neither read nor compared with. */
  readonly strings: ReadonlySet<string>;
  readonly principals: ReadonlySet<string>;
}

type Node = Record<string, unknown>;

export function mentionsOf(policy: PolicyJson): Mentions {
  const strings = new Set<string>();
  const principals = new Set<string>();
  const body: unknown = [policy.principal, policy.resource, policy.conditions];
  visit(body, (node) => {
    if (typeof node === "string") strings.add(node);
    else if (node.type === "Principal" && typeof node.id === "string") principals.add(node.id);
  });
  return { approvals: readsApprovals(body), strings, principals };
}

export function allMentions(of: Iterable<{ mentions: Mentions }>): Mentions {
  const each = Array.from(of, ({ mentions }) => mentions);
  return {
    approvals: each.some(({ approvals }) => approvals),
    strings: new Set(each.flatMap(({ strings }) => [...strings])),
    principals: new Set(each.flatMap(({ principals }) => [...principals])),
  };
}

function visit(node: unknown, see: (node: Node | string) => void): void {
  if (typeof node === "string") see(node);
  if (typeof node !== "object" || node === null) return;
  if (!Array.isArray(node)) see(node as Node);
  for (const [name, member] of Object.entries(node)) {
    if (!Array.isArray(node)) see(name);
    visit(member, see);
  }
}

/** True for `context.approvals` and for any use of `context` as a whole; other members of it are harmless. */
function readsApprovals(node: unknown): boolean {
  if (typeof node !== "object" || node === null) return false;
  const member = (node as Node)["."] as { left?: { Var?: unknown }; attr?: unknown } | undefined;
  if (member?.left?.Var === "context") return member.attr === "approvals";
  return (node as Node).Var === "context" || Object.values(node).some(readsApprovals);
}
