import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseVkey } from "@countersign/log";
import { openWorkspace, type Workspace } from "@countersign/workspace";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkFiles, verifyEvidence } from "./verify.mjs";

// The other tests make evidence by the formats' descriptions. Here the product makes it.

let root: string;
let model: string;
let workspace: Workspace;
let clock = Date.parse("2026-11-21T00:00:00Z");

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "outsider-"));
  model = join(root, "config.json");
  await writeFile(model, JSON.stringify({ architecture: "linear" }));
  workspace = await openWorkspace({ directory: join(root, "data"), clock: () => clock++ });
  await admit();
});
afterAll(async () => {
  await workspace.close();
  await rm(root, { recursive: true });
});

async function admit(): Promise<void> {
  await workspace.admit({
    path: model,
    name: "linear",
    licence: "MIT",
    origin: "https://example.com/linear",
    submitter: "author",
    author: await workspace.keyring.signer("author"),
  });
}

const promote = () =>
  workspace.promote({ subject: "linear", environment: "production", principal: "author" });

async function ask(decision: `sha256:${string}`, changes: object = {}) {
  const bytes = Buffer.from(JSON.stringify(await workspace.evidence(decision)));
  const pins = { logKey: workspace.log.verifierKey, trustRootKey: workspace.rootKey.pem };
  return verifyEvidence(bytes, { ...pins, ...changes });
}

test("an outsider follows one model from waiting to allowed to revoked", async () => {
  expect((await parseVkey(workspace.log.verifierKey)).name).toBe(workspace.log.origin);
  const waiting = await promote();
  expect(await ask(waiting.decision.id)).toMatchObject({
    yes: false,
    reason: expect.stringMatching(/^it is pending/),
  });

  const signer = await workspace.keyring.signer("approver");
  const approval = await workspace.approve({ subject: "linear", environment: "production", signer });
  const { decision } = await promote();
  const allowed = await ask(decision.id, { approvals: 1, policy: decision.policyDigest });
  expect(allowed).toMatchObject({
    yes: true,
    reason: "",
    claims: { name: "linear", approvers: ["approver"] },
  });
  await expect(checkFiles(model, allowed.claims.manifest)).resolves.toBeUndefined();

  await admit();
  await workspace.declare({ subject: "linear", licence: "Apache-2.0", signer: workspace.service });
  for (const tags of [
    { tier: "1", sensitivity: "restricted" },
    { tier: "2" },
    { toString: "odd" },
    { tier: "3" },
  ]) {
    await workspace.declare({ subject: "linear", tags, signer: workspace.service });
  }
  const again = await promote();
  expect(again.decision.id).not.toBe(decision.id);
  expect(await ask(again.decision.id)).toMatchObject({ yes: true, reason: "" });
  expect(await ask(decision.id)).toMatchObject({ yes: true, reason: "" });

  await workspace.revoke({ envelope: approval.envelope, reason: "mistake", signer });
  expect(await ask(decision.id)).toMatchObject({
    yes: false,
    reason: expect.stringMatching(/it was revoked in entry/),
  });
});
