import type { Digest } from "@countersign/evidence";
import type { Trust, TrustedKey, TrustRoot, TrustRule } from "@countersign/facts";
import { SERVICE_RULE } from "./setup.js";

/** A change to who may state what. Each makes the next version of the trust root. */
export type TrustChange =
  | { kind: "allow"; key: TrustedKey }
  | { kind: "deny"; keyId: Digest; at: number }
  | { kind: "compromise"; keyId: Digest; fromIndex: number }
  | { kind: "revoker"; principal: string }
  | { kind: "renew"; validUntil: number };

/** The document that follows `trust` with one change made. */
export function nextTrustRoot(trust: Trust, change: TrustChange): TrustRoot {
  const { root, digest } = trust;
  return { ...root, ...changed(root, change), version: root.version + 1, previous: digest };
}

function changed(root: TrustRoot, change: TrustChange): Partial<TrustRoot> {
  switch (change.kind) {
    case "allow":
      return { keys: [...root.keys.filter(({ keyId }) => keyId !== change.key.keyId), change.key] };
    case "deny":
      // The window closes; what was stated inside it stands.
      return {
        keys: root.keys.map((key) => (key.keyId === change.keyId ? { ...key, validUntil: change.at } : key)),
      };
    case "compromise":
      return { compromised: [...root.compromised, { keyId: change.keyId, fromIndex: change.fromIndex }] };
    case "revoker":
      return { revokers: [...new Set([...root.revokers, change.principal])] };
    case "renew":
      return { validUntil: change.validUntil, rules: renewedRules(root.rules) };
  }
}

/** The service of a newer build states more. A root of an older one lets it do so once it is renewed. */
function renewedRules(rules: TrustRule[]): TrustRule[] {
  return rules.map((rule) =>
    rule.role === SERVICE_RULE.role
      ? { ...rule, predicates: [...new Set([...rule.predicates, ...SERVICE_RULE.predicates])] }
      : rule,
  );
}
