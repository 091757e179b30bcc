import { createClient } from "@countersign/api";
import { generateKey, keySigner, signStatement } from "@countersign/evidence";
import { afterAll, beforeAll, expect, test } from "vitest";
import { admitted, type TestServer, testServer } from "../../testing/server.js";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
  await admitted(server.client, "model", undefined, { licence: "MIT", origin: "here", signAs: "author" });
});
afterAll(() => server.dispose());

test("200: staging is allowed, production waits and names who may approve", async () => {
  const staging = await server.client.promotions.create({ subject: "model", environment: "staging" });
  expect(staging.decision.outcome).toBe("allow");
  expect(staging.promotion).toMatchObject({ environment: "staging", name: "model" });
  const production = await server.client.gate({
    gate: "promote",
    subject: "model",
    environment: "production",
  });
  expect(production).toMatchObject({ outcome: "pending", approvers: ["approver"] });
});

test("201: an approval signed with the approver's own key opens production", async () => {
  const statement = await server.client.approvals.template({ subject: "model", environment: "production" });
  const signer = await server.control.workspace.keyring.signer("approver");
  const entry = await server.client.attestations.create(await signStatement(statement, signer));
  expect(entry).toMatchObject({ predicate: "approval", status: "held", principal: "approver" });
  const answer = await server.client.promotions.create({ subject: "model", environment: "production" });
  expect(answer.decision.outcome).toBe("allow");
  expect((await server.client.promotions.list()).items.map(({ environment }) => environment)).toEqual([
    "production",
    "staging",
  ]);
});

test("200: a decision, its evidence, and the list of them", async () => {
  const { items } = await server.client.decisions.list({ limit: 3 });
  expect(items).toHaveLength(3);
  const [newest] = items;
  expect(await server.client.decisions.get(newest?.id ?? "")).toEqual(newest);
  const evidence = await server.client.decisions.evidence(newest?.id ?? "");
  expect(evidence.format).toBe("countersign-evidence/v1");
});

test("404: no such decision, no such subject", async () => {
  const none = `sha256:${"0".repeat(64)}`;
  await expect(server.client.decisions.get(none)).rejects.toMatchObject({ status: 404 });
  const ask = server.client.gate({ gate: "promote", subject: "nothing", environment: "dev" });
  await expect(ask).rejects.toMatchObject({ status: 404 });
});

test("403: an approval by a key that the trust root does not know", async () => {
  const statement = await server.client.approvals.template({ subject: "model", environment: "production" });
  const stranger = keySigner(generateKey("ecdsa-p256").privatePem);
  const submit = server.client.attestations.create(await signStatement(statement, stranger));
  await expect(submit).rejects.toMatchObject({ code: "signer-not-allowed", status: 403 });
});

test("403: a reader may not ask for a decision, because it goes on the record", async () => {
  const reader = createClient({ baseUrl: server.url, token: await server.tokenFor("read") });
  await expect(reader.gate({ gate: "promote", subject: "model", environment: "dev" })).rejects.toMatchObject({
    code: "forbidden",
  });
});

test("the same key gives the same decision; another body is refused", async () => {
  const ask = (environment: string) =>
    server.client.gate({ gate: "deploy", subject: "model", environment }, { idempotencyKey: "gate-1" });
  const [first, ...rest] = await Promise.all(Array.from({ length: 10 }, () => ask("dev")));
  for (const other of rest) expect(other).toEqual(first);
  await expect(ask("staging")).rejects.toMatchObject({ code: "idempotency-conflict" });
});

test("201: revoked, it waits again; erased, it stays as a tombstone", async () => {
  const version = await server.client.versions.get("model");
  const approval = version.entries.find(({ predicate }) => predicate === "approval");
  await server.client.revocations.create({
    envelope: approval?.envelope ?? "",
    reason: "too early",
  } as never);
  const answer = await server.client.gate({ gate: "promote", subject: "model", environment: "production" });
  expect(answer.outcome).toBe("pending");
  const declaration = version.entries.find(({ predicate }) => predicate === "declaration");
  await server.client.erasures.create({
    envelope: declaration?.envelope ?? "",
    reason: "a person asked",
  } as never);
  const after = await server.client.versions.get("model");
  expect(after.entries.find(({ index }) => index === declaration?.index)?.status).toBe("erased");
});

test("201: a declaration by the server's own key", async () => {
  const entry = await server.client.declarations.create({
    subject: "model",
    licence: "Apache-2.0",
    origin: "here",
  });
  expect(entry).toMatchObject({ predicate: "declaration", principal: "service" });
});

test("200: trust root and policies are shown", async () => {
  const trust = await server.client.trustRoot.get();
  expect(trust.version).toBe(1);
  const policies = await server.client.policies();
  expect(policies.rules.length).toBeGreaterThan(3);
  expect(policies.files.every(({ text }) => text.includes("@id"))).toBe(true);
});
