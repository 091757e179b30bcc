import type { Digest, PublicKey, Statement } from "@countersign/evidence";
import { CountersignError, isDigest, parsePublicKey } from "@countersign/evidence";
import type { Predicate } from "./predicate.js";
import { PREDICATE_TYPES, PREDICATES } from "./predicate.js";

export interface TrustedKey {
  keyId: Digest;
  pem: string;
  /** Opaque id of the person or machine that holds the key. */
  principal: string;
  roles: string[];
  /** Milliseconds since the epoch; statements logged outside the window do not count. */
  validFrom?: number;
  validUntil?: number;
}

/** What holders of a role may state, and for an approval in which environments. */
export interface TrustRule {
  role: string;
  predicates: Predicate[];
  environments?: string[];
}

/** The predicate of a trust-root statement: who may state what in one workspace, for how long. */
export interface TrustRoot {
  version: number;
  workspace: string;
  /** Envelope digest of the version before; null for the first. */
  previous: Digest | null;
  validFrom: number;
  validUntil: number;
  keys: TrustedKey[];
  rules: TrustRule[];
  /** Principals who may revoke what others stated. */
  revokers: string[];
  /** Entries by the key from this log index on do not count; those before it stand. */
  compromised: { keyId: Digest; fromIndex: number }[];
  /** Keys that may sign the next version. */
  rootKeys: Digest[];
}

export type Permission =
  | { ok: true; key: PublicKey; principal: string; roles: string[] }
  | { ok: false; code: "not-allowed" | "compromised"; reason: string };

const invalid = (what: string): CountersignError =>
  new CountersignError("trust-root-invalid", `The trust root is invalid: ${what}.`);

/** A trust root in force: a checked document and the digest of the envelope that carries it. */
export class Trust {
  readonly root: TrustRoot;
  readonly digest: Digest;
  /** Log index of the entry that brought it. */
  readonly index: number;
  #keys: Map<Digest, { entry: TrustedKey; key: PublicKey }>;
  #cutOffs: Map<Digest, number>;

  constructor(root: TrustRoot, digest: Digest, index: number) {
    this.root = root;
    this.digest = digest;
    this.index = index;
    this.#keys = new Map(root.keys.map((entry) => [entry.keyId, { entry, key: parsePublicKey(entry.pem) }]));
    this.#cutOffs = new Map(root.compromised.map(({ keyId, fromIndex }) => [keyId, fromIndex]));
  }

  /** Whether the document itself holds at `now`; outside its validity nothing does. */
  holdsAt(now: number): boolean {
    return this.root.validFrom <= now && now < this.root.validUntil;
  }

  /** May `keyId` have stated `predicate` in the entry at `index`, logged at time `at`? */
  permission(keyId: Digest, predicate: Predicate, index: number, at: number): Permission {
    const known = this.#keys.get(keyId);
    if (known === undefined) return refuse("not-allowed", "the trust root does not know its signer");
    const { entry, key } = known;
    if (this.isCompromised(keyId, index)) {
      return refuse(
        "compromised",
        `the signer's key is compromised from entry ${this.#cutOffs.get(keyId)} on`,
      );
    }
    if (at < (entry.validFrom ?? 0) || at >= (entry.validUntil ?? Number.POSITIVE_INFINITY)) {
      return refuse("not-allowed", "its signer's key was not valid when it was logged");
    }
    if (!this.#rulesOf(entry).some(({ predicates }) => predicates.includes(predicate))) {
      return refuse("not-allowed", `its signer (${entry.principal}) may not state ${predicate}`);
    }
    return { ok: true, key, principal: entry.principal, roles: entry.roles };
  }

  /** Those of `roles` whose holders may approve in `environment`; none when they may not. */
  approvalRoles(roles: readonly string[], environment: string): string[] {
    const rules = this.root.rules.filter(
      ({ role, predicates, environments }) =>
        roles.includes(role) &&
        predicates.includes("approval") &&
        (environments === undefined || environments.includes(environment)),
    );
    return [...new Set(rules.map(({ role }) => role))];
  }

  /** Principals who could approve in `environment` now: one entry for each role by which they could. */
  approvers(environment: string, now: number): { principal: string; role: string }[] {
    const found = new Map<string, Set<string>>();
    for (const { keyId, principal, roles, validFrom, validUntil } of this.root.keys) {
      if (
        this.#cutOffs.has(keyId) ||
        now < (validFrom ?? 0) ||
        now >= (validUntil ?? Number.POSITIVE_INFINITY)
      )
        continue;
      const may = this.approvalRoles(roles, environment);
      if (may.length > 0) found.set(principal, new Set([...(found.get(principal) ?? []), ...may]));
    }
    return [...found].flatMap(([principal, roles]) => [...roles].map((role) => ({ principal, role })));
  }

  isCompromised(keyId: Digest, index: number): boolean {
    return index >= (this.#cutOffs.get(keyId) ?? Number.POSITIVE_INFINITY);
  }

  mayRevoke(principal: string): boolean {
    return this.root.revokers.includes(principal);
  }

  publicKey(keyId: Digest): PublicKey | undefined {
    return this.#keys.get(keyId)?.key;
  }

  principalOf(keyId: Digest): string {
    return this.#keys.get(keyId)?.entry.principal ?? "";
  }

  #rulesOf({ roles }: TrustedKey): TrustRule[] {
    return this.root.rules.filter(({ role }) => roles.includes(role));
  }
}

const refuse = (code: "not-allowed" | "compromised", reason: string): Permission => ({
  ok: false,
  code,
  reason,
});

/** Checks the shape of a trust-root statement and returns its document. */
export function parseTrustRoot(statement: Statement): TrustRoot {
  if (statement.predicateType !== PREDICATE_TYPES["trust-root"]) {
    throw invalid("it is another kind of statement");
  }
  const root = statement.predicate as TrustRoot;
  if (root === null || typeof root !== "object") throw invalid("it is empty");
  checkHeader(root);
  for (const key of root.keys) checkKey(key);
  for (const rule of root.rules) checkRule(rule);
  for (const cut of root.compromised) checkCutOff(cut);
  if (new Set(root.keys.map(({ keyId }) => keyId)).size !== root.keys.length) {
    throw invalid("it lists a key twice");
  }
  return root;
}

function checkHeader(root: TrustRoot): void {
  if (!Number.isSafeInteger(root.version) || root.version < 1) {
    throw invalid("its version is no positive number");
  }
  if (![root.validFrom, root.validUntil].every(Number.isSafeInteger))
    throw invalid("its validity is no time");
  if (root.previous !== null && !isDigestText(root.previous)) throw invalid("`previous` is no digest");
  const lists = [root.keys, root.rules, root.revokers, root.compromised, root.rootKeys];
  if (typeof root.workspace !== "string" || !lists.every(Array.isArray)) throw invalid("a field is missing");
  if (root.rootKeys.length === 0 || !root.rootKeys.every(isDigestText)) throw invalid("it names no root key");
}

function checkKey({ keyId, pem, principal, roles, validFrom, validUntil }: TrustedKey): void {
  if (!isDigestText(keyId) || typeof pem !== "string" || parsePublicKey(pem).keyId !== keyId) {
    throw invalid("a key id is not that of its key");
  }
  if (typeof principal !== "string" || principal === "") throw invalid("a key has no principal");
  if (!Array.isArray(roles) || !roles.every((role) => typeof role === "string"))
    throw invalid("a key has no roles");
  const window = [validFrom, validUntil].filter((time) => time !== undefined);
  if (!window.every(Number.isSafeInteger)) throw invalid("a key's validity is no time");
}

function checkRule({ role, predicates, environments }: TrustRule): void {
  const known = PREDICATES as readonly unknown[];
  if (typeof role !== "string" || !Array.isArray(predicates)) throw invalid("a rule has no role");
  if (!predicates.every((name) => known.includes(name)))
    throw invalid(`the rule for ${role} names an unknown predicate`);
  if (environments !== undefined && !Array.isArray(environments)) throw invalid("environments is no list");
}

function checkCutOff({ keyId, fromIndex }: { keyId: Digest; fromIndex: number }): void {
  if (!isDigestText(keyId) || !Number.isSafeInteger(fromIndex) || fromIndex < 0) {
    throw invalid("a compromised key has no index to be cut off from");
  }
}

const isDigestText = (value: unknown): boolean => typeof value === "string" && isDigest(value);
