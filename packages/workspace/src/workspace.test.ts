import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Digest } from "@countersign/evidence";
import { describe, expect, it } from "vitest";
import { eachTest } from "../test/each-test.js";
import type { Place } from "../test/fixture.js";
import { admitGood, maliciousPickle, open, safetensors } from "../test/fixture.js";
import type { Workspace } from "./index.js";
import { memoryProjection } from "./index.js";

let here: Place;
let workspace: Workspace;
eachTest((...fresh) => {
  [here, workspace] = fresh;
  return () => workspace;
});

const ask = (subject: string, environment = "production") =>
  workspace.gate({ gate: "promote", subject, environment, principal: "author" });

const approver = () => workspace.keyring.signer("approver");

describe("one model's way", () => {
  it("goes to staging, waits for an approval, and goes to production", async () => {
    const path = await here.model({ "model.safetensors": safetensors() });
    const { artifact, decision, signed } = await admitGood(workspace, path);
    expect([decision.outcome, signed]).toEqual(["allow", true]);

    const staging = await workspace.promote({
      subject: "credit-risk",
      environment: "staging",
      principal: "author",
    });
    expect(staging.promotion).toMatchObject({ artifact, environment: "staging" });

    const waiting = await workspace.promote({
      subject: "credit-risk",
      environment: "production",
      principal: "author",
    });
    expect(waiting.decision).toMatchObject({
      outcome: "pending",
      approvers: ["approver"],
      approvalsNeeded: 1,
    });
    expect(waiting.promotion).toBeUndefined();

    await workspace.approve({ subject: "credit-risk", environment: "production", signer: await approver() });
    const done = await workspace.promote({
      subject: "credit-risk",
      environment: "production",
      principal: "author",
    });
    expect(done.promotion).toMatchObject({ artifact, environment: "production", decision: done.decision.id });
    expect((await workspace.version("credit-risk")).environments).toEqual(["staging", "production"]);
  });

  it("refuses a malicious file, does not sign it, and says why", async () => {
    const path = await here.model({ "model.pkl": maliciousPickle });
    const { decision, signed, scan } = await admitGood(workspace, path, { name: "bad" });
    expect([decision.outcome, signed, scan.verdict]).toEqual(["deny", false, "malicious"]);
    expect(decision.reasons[0]?.reason).toMatch(/malicious/i);
  });

  it("keeps an unsigned model in dev", async () => {
    const path = await here.model({ "model.safetensors": safetensors() });
    const { decision } = await workspace.admit({
      path,
      name: "m",
      submitter: "author",
      licence: "mit",
      origin: "here",
    });
    expect(decision.outcome).toBe("allow");
    expect((await ask("m", "staging")).outcome).toBe("deny");
  });

  it("names a model that nobody admitted as unknown", async () => {
    await expect(ask("nothing")).rejects.toMatchObject({ code: "not-found" });
    const unseen = `sha256:${"0".repeat(64)}`;
    expect((await ask(unseen)).outcome).toBe("deny");
  });
});

describe("decisions", () => {
  it("answers the same question about the same evidence with the same decision", async () => {
    await admitGood(workspace, await here.model({ "model.safetensors": safetensors() }));
    const first = await ask("credit-risk");
    const { size } = workspace;
    expect((await ask("credit-risk")).id).toBe(first.id);
    expect(workspace.size).toBe(size);
  });

  it("refuses to enact a decision once newer evidence has come", async () => {
    await admitGood(workspace, await here.model({ "model.safetensors": safetensors() }));
    const approval = await workspace.approve({
      subject: "credit-risk",
      environment: "production",
      signer: await approver(),
    });
    const allowed = await ask("credit-risk");
    expect(allowed.outcome).toBe("allow");
    await workspace.revoke({
      envelope: approval.envelope,
      reason: "second thoughts",
      signer: await approver(),
    });
    await expect(workspace.enact(allowed.id, "author")).rejects.toMatchObject({ code: "decision-stale" });
    expect((await ask("credit-risk")).outcome).toBe("pending");
  });

  it("refuses a revocation that would count for nothing", async () => {
    await admitGood(workspace, await here.model({ "model.safetensors": safetensors() }));
    const author = await workspace.keyring.signer("author");
    const approval = await workspace.approve({
      subject: "credit-risk",
      environment: "production",
      signer: await approver(),
    });
    const before = workspace.size;
    const others = workspace.revoke({ envelope: approval.envelope, reason: "withdrawn", signer: author });
    await expect(others).rejects.toMatchObject({ code: "signer-not-allowed" });
    const mistyped = `sha256:${"0".repeat(64)}` as const;
    const nothing = workspace.revoke({ envelope: mistyped, reason: "withdrawn", signer: await approver() });
    await expect(nothing).rejects.toMatchObject({ code: "not-found" });
    expect(workspace.size).toBe(before);
    const { entries } = await workspace.version("credit-risk");
    const signature = entries.find(({ predicate }) => predicate === "signature");
    const own = await workspace.revoke({
      envelope: signature?.envelope ?? mistyped,
      reason: "mistake",
      signer: author,
    });
    expect(own.status).toBe("held");
  });

  it("refuses an approval by the author or by a key without the role", async () => {
    await admitGood(workspace, await here.model({ "model.safetensors": safetensors() }));
    const author = await workspace.keyring.signer("author");
    const approving = workspace.approve({
      subject: "credit-risk",
      environment: "production",
      signer: author,
    });
    await expect(approving).rejects.toMatchObject({ code: "approval-refused" });
  });

  it("cuts off a compromised key from an entry on", async () => {
    await admitGood(workspace, await here.model({ "model.safetensors": safetensors() }));
    const { size } = workspace;
    await workspace.approve({ subject: "credit-risk", environment: "production", signer: await approver() });
    expect((await ask("credit-risk")).outcome).toBe("allow");
    const { keyId } = await workspace.keyring.publicKey("approver");
    const root = await workspace.keyring.signer("root");
    await workspace.changeTrust({ kind: "compromise", keyId, fromIndex: size }, root);
    expect((await ask("credit-risk")).outcome).not.toBe("allow");
  });

  it("follows the newest version of a name", async () => {
    const first = await admitGood(workspace, await here.model({ "model.safetensors": safetensors(1) }));
    const second = await admitGood(workspace, await here.model({ "model.safetensors": safetensors(2) }));
    expect((await ask("credit-risk")).artifact).toBe(second.artifact);
    expect((await workspace.versions()).map(({ artifact }) => artifact)).toEqual([
      second.artifact,
      first.artifact,
    ]);
  });
});

describe("what happens to the directory", () => {
  it("opens again with everything on record, and holds others off meanwhile", async () => {
    await admitGood(workspace, await here.model({ "model.safetensors": safetensors() }));
    const before = await ask("credit-risk");
    await expect(open(here.directory)).rejects.toMatchObject({ code: "directory-locked" });
    await workspace.close();
    workspace = await open(here.directory);
    expect((await ask("credit-risk")).id).toBe(before.id);
    expect((await workspace.audit()).problems).toEqual([]);
  });

  it("notices every object that is deleted or changed", async () => {
    const { artifact } = await admitGood(workspace, await here.model({ "model.safetensors": safetensors() }));
    await workspace.approve({ subject: artifact, environment: "production", signer: await approver() });
    expect((await ask("credit-risk")).outcome).toBe("allow");
    for (const { envelope, predicate } of (await workspace.version("credit-risk")).entries) {
      if (predicate === "decision") continue;
      const path = join(here.directory, "objects", "sha256", envelope.slice(7, 9), envelope.slice(9));
      const bytes = await readFile(path);
      for (const damage of [undefined, Buffer.from(bytes.map((byte, at) => (at === 30 ? byte ^ 1 : byte)))]) {
        await (damage === undefined ? rm(path) : writeFile(path, damage));
        expect((await ask(artifact)).outcome, predicate).toBe("deny");
        if (predicate === "manifest")
          await expect(ask("credit-risk")).rejects.toMatchObject({ code: "object-missing" });
        const codes = (await workspace.audit()).problems.map(({ code }) => code);
        expect(codes).toContain(damage === undefined ? "object-missing" : "object-tampered");
        await writeFile(path, bytes);
      }
    }
    expect((await ask("credit-risk")).outcome).toBe("allow");
  });

  it("erases with a tombstone, and an erased finding still denies", async () => {
    const { artifact } = await admitGood(workspace, await here.model({ "model.pkl": maliciousPickle }), {
      name: "bad",
    });
    const scan = (await workspace.version("bad")).entries.find(({ predicate }) => predicate === "scan");
    await workspace.erase({ index: scan?.index ?? -1, reason: "request" });
    const after = await ask(artifact, "dev");
    expect(after.outcome).toBe("deny");
    expect((await workspace.version("bad")).entries.find(({ index }) => index === scan?.index)?.status).toBe(
      "erased",
    );
    expect((await workspace.audit()).problems).toEqual([]);
  });

  it("refuses a clock that runs behind the newest entry", async () => {
    await workspace.close();
    const late = await open(here.directory, { clock: () => Date.now() - 3_600_000 }).catch(
      (error: unknown) => error,
    );
    expect(late).toMatchObject({ code: "clock-behind" });
    workspace = await open(here.directory);
  });

  it("writes down each use of a key", async () => {
    await admitGood(workspace, await here.model({ "model.safetensors": safetensors() }));
    const lines = (await readFile(join(here.directory, "keys", "uses.jsonl"), "utf8")).trim().split("\n");
    const uses = lines.map((line) => JSON.parse(line));
    const { keyId } = await workspace.keyring.publicKey("author");
    expect(uses.some((use) => use.keyId === keyId)).toBe(true);
    expect(await readdir(join(here.directory, "keys"))).toContain("author.pem");
  });
});

describe("a projection that lies", () => {
  it("turns no refusal into an allow, and the audit names what was touched", async () => {
    await workspace.close();
    const inner = memoryProjection();
    let lie: "none" | "drop-scans" | "empty" | "old" = "none";
    const touched = new Map<Digest, number>();
    workspace = await open(here.directory, {
      projection: {
        ...inner,
        chain: async (id, subject) => {
          const rows = await inner.chain(id, subject);
          touched.set(subject, rows.length);
          if (lie === "empty") return [];
          if (lie === "old") return rows.slice(0, -1);
          const text = (raw: Uint8Array) => Buffer.from(raw).toString();
          return lie === "none" ? rows : rows.filter(({ raw }) => !text(raw).includes('"predicate":"scan"'));
        },
        rows: async function* () {
          for await (const row of inner.rows()) if (lie === "none" || row.index !== 2) yield row;
        },
      },
    });
    const { artifact } = await admitGood(workspace, await here.model({ "model.pkl": maliciousPickle }), {
      name: "bad",
    });
    for (const kind of ["drop-scans", "empty", "old"] as const) {
      lie = kind;
      await expect(ask(artifact, "dev")).rejects.toMatchObject({ code: "projection-mismatch" });
      expect((await workspace.audit()).problems[0]).toMatchObject({ code: "projection-mismatch" });
    }
    lie = "none";
    expect((await ask(artifact, "dev")).outcome).toBe("deny");
  });
});
