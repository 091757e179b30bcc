import { generateKey, keySigner, type Signer } from "@countersign/evidence";
import { beforeEach, describe, expect, it } from "vitest";
import { eachTest } from "../test/each-test.js";
import type { Place } from "../test/fixture.js";
import { admitGood, safetensors } from "../test/fixture.js";
import type { Workspace } from "./index.js";

// Calls a function of a package that the scanner does not know. Never loaded, only parsed.
const SUSPICIOUS = Buffer.from("cmymodule\nthing\n(S'x'\ntR.");

let here: Place;
let workspace: Workspace;
eachTest((...fresh) => {
  [here, workspace] = fresh;
  return () => workspace;
});

const ask = (environment: string) =>
  workspace.gate({ gate: "promote", subject: "credit-risk", environment, principal: "author" });

const approve = (environment: string, signer: Signer) =>
  workspace.approve({ subject: "credit-risk", environment, signer });

async function letIn(principal: string, signer: Signer, ...roles: string[]): Promise<void> {
  const { keyId, pem } = signer.publicKey;
  const root = await workspace.keyring.signer("root");
  await workspace.changeTrust({ kind: "allow", key: { keyId, pem, principal, roles } }, root);
}

describe("an author", () => {
  it("is whoever signed and whoever submitted, and none of them approves", async () => {
    const path = await here.model({ "model.safetensors": safetensors() });
    await admitGood(workspace, path, { submitter: "approver" });
    await approve("production", await workspace.keyring.signer("approver"));
    const { facts } = await workspace.version("credit-risk");
    expect(facts.authors.toSorted()).toEqual(["approver", "author"]);
    const refused = await ask("production");
    expect(refused).toMatchObject({ outcome: "deny", approvers: [] });
    expect(refused.reasons.map(({ policy }) => policy)).toEqual(["production-needs-approval", "no-approver"]);
    expect(refused.reasons[0]?.reason).toMatch(/not one of its authors \(approver, author\)/);

    await letIn("alice", keySigner(generateKey("ecdsa-p256").privatePem), "approver");
    expect(await ask("production")).toMatchObject({ outcome: "pending", approvers: ["alice"] });
  });
});

describe("a suspicious model", () => {
  beforeEach(async () => {
    await admitGood(workspace, await here.model({ "model.pkl": SUSPICIOUS }));
  });

  it("stays in dev while nobody is there to judge it, and says how to let somebody in", async () => {
    expect((await ask("dev")).outcome).toBe("allow");
    const { artifact, outcome, reasons } = await ask("staging");
    expect(outcome).toBe("deny");
    expect(reasons).toEqual([
      {
        policy: "suspicious-stays-in-dev",
        reason:
          "credit-risk is suspicious (pickle-unknown-call) and may leave dev only when someone with the role security approves.",
        remedy: `countersign approve ${artifact} --gate promote --environment staging`,
      },
      {
        policy: "no-approver",
        reason:
          "An approval by someone with the role security is needed, and no one (or not enough people) may give it.",
        remedy: "countersign trust allow PRINCIPAL --role security --public-key FILE",
      },
    ]);
  });

  it("goes on when somebody is let in as security, and approves", async () => {
    const sam = keySigner(generateKey("ecdsa-p256").privatePem);
    await letIn("sam", sam, "security");
    expect(await ask("staging")).toMatchObject({
      outcome: "pending",
      approvers: ["sam"],
      approvalsNeeded: 1,
    });
    await approve("staging", await workspace.keyring.signer("approver"));
    expect(await ask("staging")).toMatchObject({ outcome: "pending", approvers: ["sam"] });
    await approve("staging", sam);
    expect((await ask("staging")).outcome).toBe("allow");
  });

  it("goes on by one approval of somebody who is approver and security", async () => {
    const approver = await workspace.keyring.signer("approver");
    await letIn("approver", approver, "approver", "security");
    expect(await ask("production")).toMatchObject({ outcome: "pending", approvers: ["approver"] });
    await approve("production", approver);
    expect((await ask("production")).outcome).toBe("allow");
    const { approvals } = (await workspace.version("credit-risk")).facts;
    expect(approvals.map(({ role }) => role)).toEqual(["approver", "security"]);
  });
});
