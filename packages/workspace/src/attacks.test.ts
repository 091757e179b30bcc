import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Envelope } from "@countersign/evidence";
import { decodeEnvelope, makeStatement, signStatement } from "@countersign/evidence";
import { PREDICATE_TYPES } from "@countersign/facts";
import { describe, expect, it } from "vitest";
import { eachTest } from "../test/each-test.js";
import type { Place } from "../test/fixture.js";
import { admitGood, open, safetensors } from "../test/fixture.js";
import type { EntryView, Workspace } from "./index.js";
import { memoryProjection } from "./index.js";

let here: Place;
let workspace: Workspace;
eachTest((...fresh) => {
  [here, workspace] = fresh;
  return () => workspace;
});

const ask = (subject = "credit-risk", environment = "production") =>
  workspace.gate({ gate: "promote", subject, environment, principal: "intruder" });
const signer = (name: string) => workspace.keyring.signer(name);
const pathOf = ({ envelope }: { envelope: string }) =>
  join(here.directory, "objects", "sha256", envelope.slice(7, 9), envelope.slice(9));
const admitted = async (seed = 1) =>
  admitGood(workspace, await here.model({ "model.safetensors": safetensors(seed) }));
const approve = async () =>
  workspace.approve({ subject: "credit-risk", environment: "production", signer: await signer("approver") });

/** The same signed words in another envelope: what nobody needs a key for. */
async function rewrapped(entry: EntryView): Promise<Envelope> {
  const envelope = decodeEnvelope(await readFile(pathOf(entry)));
  return { ...envelope, signatures: envelope.signatures.map(({ sig }) => ({ keyid: "another hint", sig })) };
}

describe("replays in another envelope", () => {
  it("do not bring a revoked approval back", async () => {
    await admitted();
    const approval = await approve();
    expect((await ask()).outcome).toBe("allow");
    await workspace.revoke({ envelope: approval.envelope, reason: "no", signer: await signer("approver") });
    await workspace.submit(await rewrapped(approval));
    expect((await ask()).outcome).toBe("pending");
    const again = await approve();
    expect(again.status).toBe("held");
    expect((await ask()).outcome).toBe("allow");
  });

  it("do not let an old clean scan outdo a newer bad one", async () => {
    const { artifact, manifest } = await admitted();
    const clean = (await workspace.version(artifact)).entries.find(({ predicate }) => predicate === "scan");
    const files = manifest.files.map(({ name, digest }) => ({
      path: name,
      sha256: digest.slice(7),
      format: "x",
      verdict: "malicious",
      findings: [],
    }));
    const predicate = {
      scanner: { name: "countersign", rules: "9999" },
      verdict: "malicious",
      files,
      validUntil: 1e15,
    };
    const bad = makeStatement([{ digest: { sha256: artifact.slice(7) } }], PREDICATE_TYPES.scan, predicate);
    await workspace.submit(await signStatement(bad, await signer("service")));
    expect((await ask(artifact, "staging")).outcome).toBe("deny");
    await workspace.submit(await rewrapped(clean as EntryView));
    expect((await ask(artifact, "staging")).outcome).toBe("deny");
  });

  it("do not bring a revoked model signature back by white space", async () => {
    await admitted();
    const { entries } = await workspace.version("credit-risk");
    const signature = entries.find(({ predicate }) => predicate === "signature") as EntryView;
    const bundle = await readFile(pathOf(signature));
    await workspace.revoke({ envelope: signature.envelope, reason: "no", signer: await signer("author") });
    await workspace.submitSignature(Buffer.concat([bundle, Buffer.from("\n")]), "credit-risk");
    expect((await ask("credit-risk", "staging")).outcome).toBe("deny");
  });

  it("are not taken for what only the gate itself states", async () => {
    await admitted();
    const { entries } = await workspace.version("credit-risk");
    for (const entry of entries.filter(({ predicate }) => ["manifest", "decision"].includes(predicate))) {
      await expect(workspace.submit(await rewrapped(entry))).rejects.toMatchObject({ code: "forbidden" });
    }
  });

  it("do not bring erased evidence back, in its own envelope or in another", async () => {
    await admitted();
    const approval = await approve();
    const [bytes, other] = [await readFile(pathOf(approval)), await rewrapped(approval)];
    await workspace.erase({ index: approval.index, reason: "request" });
    await writeFile(pathOf(approval), bytes);
    expect((await ask()).outcome).toBe("pending");
    await workspace.submit(other);
    expect((await ask()).outcome).toBe("pending");
  });
});

describe("saying something anew", () => {
  it("counts: a declaration may go back to what it was", async () => {
    await admitted();
    const service = await signer("service");
    for (const licence of ["none", "mit", "none"]) {
      await workspace.declare({ subject: "credit-risk", licence, signer: service });
      expect((await workspace.version("credit-risk")).facts.declaration.licence).toBe(licence);
    }
  });

  it("counts: an older version that is admitted again is the newest", async () => {
    const first = await admitted(1);
    await admitted(2);
    await admitted(1);
    expect((await ask()).artifact).toBe(first.artifact);
  });
});

describe("authorship", () => {
  it("is not shed by revoking the manifest or the signature", async () => {
    const path = await here.model({ "model.safetensors": safetensors() });
    await admitGood(workspace, path, { submitter: "approver" });
    await admitGood(workspace, path, { submitter: "somebody" });
    const { entries } = await workspace.version("credit-risk");
    const first = entries.find(({ predicate }) => predicate === "manifest") as EntryView;
    await workspace.revoke({ envelope: first.envelope, reason: "mine", signer: await signer("approver") });
    await approve();
    expect((await workspace.version("credit-risk")).facts.authors).toContain("approver");
    expect((await ask()).outcome).not.toBe("allow");
    await expect(workspace.erase({ index: first.index, reason: "hide" })).rejects.toMatchObject({
      code: "forbidden",
    });
  });
});

describe("races and faults", () => {
  it("acknowledge only one of two trust roots that follow the same one", async () => {
    const root = await signer("root");
    const { keyId } = await workspace.keyring.publicKey("approver");
    const results = await Promise.allSettled([
      workspace.changeTrust({ kind: "compromise", keyId, fromIndex: 0 }, root),
      workspace.changeTrust({ kind: "revoker", principal: "zed" }, root),
    ]);
    const done = results.filter(({ status }) => status === "fulfilled");
    expect(done).toHaveLength(1);
    const { compromised, revokers } = (await workspace.trust()).root;
    expect([compromised.length === 1, revokers.includes("zed")]).toEqual(
      results.map(({ status }) => status === "fulfilled"),
    );
  });

  it("deny while a finding is in the log and the projection cannot take it", async () => {
    await workspace.close();
    const inner = memoryProjection();
    let broken = false;
    const apply: typeof inner.apply = async (entries, size) => {
      if (broken) throw new Error("the database is away");
      return inner.apply(entries, size);
    };
    workspace = await open(here.directory, { projection: { ...inner, apply } });
    const { artifact } = await admitted();
    broken = true;
    const bad = await here.model({
      "model.safetensors": safetensors(),
      "x.pkl": Buffer.from("cos\nsystem\n(S'x'\ntR."),
    });
    await expect(admitGood(workspace, bad, { name: "credit-risk" })).rejects.toThrow("away");
    await expect(ask(artifact, "staging")).rejects.toThrow("away");
    broken = false;
    expect((await ask(artifact, "staging")).outcome).toBe("allow");
    expect((await ask("credit-risk", "staging")).outcome).toBe("deny");
  });

  it("refuse a scan whose findings are malformed, and go on answering", async () => {
    const { artifact } = await admitted();
    const files = [{ path: "a", sha256: "b", format: "x", verdict: "clean", findings: [null] }];
    const predicate = { scanner: { name: "x", rules: "1" }, verdict: "clean", files, validUntil: 1e15 };
    const statement = makeStatement(
      [{ digest: { sha256: artifact.slice(7) } }],
      PREDICATE_TYPES.scan,
      predicate,
    );
    const submitted = workspace.submit(await signStatement(statement, await signer("service")));
    await expect(submitted).rejects.toMatchObject({ code: "statement-malformed" });
    expect(await workspace.versions()).toHaveLength(1);
  });
});
