import { generateKey, parsePublicKey, sha256 } from "@countersign/evidence";
import { describe, expect, it } from "vitest";
import { Fixture, NOW } from "../test/fixture.js";
import type { TrustedKey, TrustRoot } from "./index.js";
import { Trust } from "./index.js";

const key = (principal: string, roles: string[], change: Partial<TrustedKey> = {}): TrustedKey => {
  const { keyId, pem } = parsePublicKey(generateKey("ed25519").publicPem);
  return { keyId, pem, principal, roles, ...change };
};
const trustOf = (keys: TrustedKey[], change: Partial<TrustRoot> = {}): Trust => {
  const root: TrustRoot = {
    ...new Fixture().firstRoot(),
    keys,
    rules: [
      { role: "author", predicates: ["signature"] },
      { role: "approver", predicates: ["approval"], environments: ["staging", "production"] },
      { role: "approver", predicates: ["approval", "revocation"], environments: ["production"] },
      { role: "security", predicates: ["approval"], environments: ["production"] },
    ],
    ...change,
  };
  return new Trust(root, sha256(new Uint8Array()), 0);
};

describe("who may approve", () => {
  it("is named once for each role that reaches there, whichever of their keys has it", () => {
    const trust = trustOf([
      key("ann", ["author"]),
      key("bob", ["approver", "security", "author"]),
      key("cid", ["approver"]),
      key("cid", ["security", "approver"]),
    ]);
    expect(trust.approvers("production", NOW)).toEqual([
      { principal: "bob", role: "approver" },
      { principal: "bob", role: "security" },
      { principal: "cid", role: "approver" },
      { principal: "cid", role: "security" },
    ]);
    expect(trust.approvers("staging", NOW)).toEqual([
      { principal: "bob", role: "approver" },
      { principal: "cid", role: "approver" },
    ]);
    expect(trust.approvers("dev", NOW)).toEqual([]);
  });

  it("is nobody by a key that is compromised or not valid now", () => {
    const cut = key("bob", ["security"]);
    const keys = [cut, key("bob", ["approver"]), key("cid", ["approver"], { validUntil: NOW })];
    const trust = trustOf(keys, { compromised: [{ keyId: cut.keyId, fromIndex: 9 }] });
    expect(trust.approvers("production", NOW)).toEqual([{ principal: "bob", role: "approver" }]);
    expect(trust.approvers("production", NOW - 1)).toContainEqual({ principal: "cid", role: "approver" });
  });

  it("has only the roles that are theirs, each once", () => {
    const trust = trustOf([]);
    expect(trust.approvalRoles(["security", "author", "approver"], "production")).toEqual([
      "approver",
      "security",
    ]);
    expect(trust.approvalRoles(["author"], "production")).toEqual([]);
  });
});
