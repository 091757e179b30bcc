import { makeStatement } from "@countersign/evidence";
import { beforeEach, describe, expect, it } from "vitest";
import { artifact, Fixture, manifest, NOW } from "../test/fixture.js";
import type { Entry, HeldFacts } from "./index.js";
import { PREDICATE_TYPES } from "./index.js";

let record: Fixture;
beforeEach(async () => {
  record = await new Fixture().start();
  await record.name();
});

const statusOf = (held: HeldFacts, { index }: Entry): string =>
  held.entries.find(({ entry }) => entry.index === index)?.status ?? "absent";

describe("who may state what", () => {
  it("passes over a statement by a signer that the trust root does not allow", async () => {
    const wrong = await record.scan("clean", { by: "author" });
    const unknown = await record.scan("clean", { by: "stranger" });
    const held = await record.hold();
    expect([statusOf(held, wrong), statusOf(held, unknown)]).toEqual(["not-allowed", "not-allowed"]);
    expect(held.scan).toMatchObject({ present: false, verdict: "none", filesUnscanned: 1 });
  });

  it("lets entries before a compromise stand and none after", async () => {
    const before = await record.approval();
    const { keyId } = record.signer("approver").publicKey;
    const first = record.fold.trustRoots("default").length;
    const root = record.firstRoot();
    const digest = (await record.chain(before.subjects[0]!))[0]!.envelope;
    expect([first, typeof digest]).toEqual([1, "string"]);
    const previous = rootDigest();
    const cut = { ...root, version: 2, previous, compromised: [{ keyId, fromIndex: record.fold.size }] };
    await record.stateRoot(cut, "root");
    expect((await record.hold()).approvals).toHaveLength(1);
    const after = await record.approval("approver", { environment: "production", validUntil: NOW + 1e8 });
    const held = await record.hold();
    expect(statusOf(held, after)).toBe("compromised");
    expect(statusOf(held, before)).toBe("held");
  });

  it("takes a trust root only from a root key, in order, naming the one before", async () => {
    const root = record.firstRoot();
    const wide = {
      ...root,
      version: 2,
      previous: rootDigest(),
      rules: [{ role: "author", predicates: ["scan" as const] }],
    };
    await record.stateRoot(wide, "author");
    await record.stateRoot({ ...wide, version: 3 }, "root");
    await record.stateRoot({ ...wide, previous: null }, "root");
    await record.stateRoot({ ...wide, workspace: "other" }, "root");
    const scan = await record.scan("clean", { by: "author" });
    expect(statusOf(await record.hold(), scan)).toBe("not-allowed");
    await record.stateRoot(wide, "root");
    expect(statusOf(await record.hold(), scan)).toBe("held");
  });

  it("respects a key's own validity by the log's time", async () => {
    const root = record.firstRoot();
    const keys = root.keys.map((key) =>
      key.principal === "approver" ? { ...key, validUntil: record.at + 2 } : key,
    );
    await record.stateRoot({ ...root, version: 2, previous: rootDigest(), keys }, "root");
    const inside = await record.approval();
    record.at += 10;
    const outside = await record.approval("approver", { action: "deploy" });
    const held = await record.hold();
    expect([statusOf(held, inside), statusOf(held, outside)]).toEqual(["held", "not-allowed"]);
  });

  const rootDigest = () => {
    const raw = record.fold.trustRoots("default")[0]!.raw;
    return JSON.parse(Buffer.from(raw).toString()).envelope;
  };
});

describe("scans", () => {
  it("lets a newer scan with the same or newer rules supersede the producer's older one", async () => {
    const old = await record.scan("malicious");
    await record.scan("clean");
    const held = await record.hold();
    expect(held.scan.verdict).toBe("clean");
    expect(held.entries.find(({ entry }) => entry.index === old.index)).toMatchObject({
      status: "superseded",
      by: 3,
    });
  });

  it("does not let older rules outdo newer ones", async () => {
    await record.scan("malicious", { rules: "2026.11.10" });
    await record.scan("clean", { rules: "2026.11.9" });
    expect((await record.hold()).scan.verdict).toBe("malicious");
  });

  it("does not let the replay of an old clean scan outdo a newer bad one", async () => {
    const files = [
      {
        path: "model.onnx",
        sha256: manifest.files[0]!.digest.slice(7),
        format: "onnx",
        verdict: "clean",
        findings: [],
      },
    ];
    const predicate = {
      scanner: { name: "countersign", rules: "1" },
      verdict: "clean",
      files,
      validUntil: NOW + 1e9,
    };
    const of = [{ name: "model", digest: { sha256: artifact.slice(7) } }];
    const statement = makeStatement(of, PREDICATE_TYPES.scan, predicate);
    const clean = await record.log(statement, "service");
    await record.scan("malicious", { rules: "1" });
    const again = record.replay(clean, statement);
    const held = await record.hold();
    expect(held.scan.verdict).toBe("malicious");
    expect(statusOf(held, again)).toBe("superseded");
  });

  it("takes the worst of several producers", async () => {
    await record.scan("clean");
    await record.scan("suspicious", { by: "scanner2" });
    expect((await record.hold()).scan).toMatchObject({
      verdict: "suspicious",
      producers: ["service", "scanner2"],
    });
  });

  it("lets a clean scan expire, and a bad one never", async () => {
    await record.scan("clean", { validUntil: NOW + 100 });
    expect((await record.hold(NOW + 100)).scan).toMatchObject({ present: false, expired: true });
    await record.scan("malicious", { validUntil: NOW + 100 });
    expect((await record.hold(NOW + 200)).scan).toMatchObject({ verdict: "malicious", expired: false });
  });

  it("counts files of the manifest that no scan read", async () => {
    await record.scan("clean", { files: [] });
    expect((await record.hold()).scan.filesUnscanned).toBe(1);
  });
});

describe("approvals", () => {
  it("holds for one digest, action, environment and workspace", async () => {
    await record.approval();
    await record.approval("approver", { workspace: "elsewhere", action: "deploy" });
    const { approvals } = await record.hold();
    expect(approvals).toEqual([
      { principal: "approver", action: "promote", environment: "production", role: "approver" },
    ]);
  });

  it("does not hold where the approver's role does not reach", async () => {
    await record.approval("approver", { environment: "staging" });
    expect((await record.hold()).approvals).toEqual([]);
  });

  it("holds once for each role of the approver that reaches there", async () => {
    const fixture = new Fixture();
    const { keys, rules } = fixture.firstRoot();
    const approval = ["approval" as const];
    await fixture.start({
      keys: keys.map((key) => ({ ...key, roles: [...key.roles, "security", "staging", "revoker"] })),
      rules: [
        ...rules,
        { role: "security", predicates: approval },
        { role: "security", predicates: approval, environments: ["production"] },
        { role: "staging", predicates: approval, environments: ["staging"] },
      ],
    });
    await fixture.name();
    await fixture.approval();
    const { approvals } = await fixture.hold();
    expect(approvals.map(({ principal, role }) => [principal, role])).toEqual([
      ["approver", "approver"],
      ["approver", "security"],
    ]);
  });

  it("ends by revocation of the approver or a named revoker, and of nobody else", async () => {
    const approval = await record.approval();
    await record.revoke(approval, "author");
    expect((await record.hold()).approvals).toHaveLength(1);
    await record.revoke(approval, "revoker");
    expect((await record.hold()).approvals).toEqual([]);
  });

  it("stays revoked when the same envelope is logged once more", async () => {
    const predicate = { workspace: "default", action: "promote", environment: "production" };
    const of = [{ name: "model", digest: { sha256: artifact.slice(7) } }];
    const statement = makeStatement(of, PREDICATE_TYPES.approval, predicate);
    const approval = await record.log(statement, "approver");
    await record.revoke(approval, "approver");
    record.replay(approval, statement);
    expect((await record.hold()).approvals).toEqual([]);
  });

  it("stays revoked when the revocation's object is deleted", async () => {
    const approval = await record.approval();
    const revocation = await record.revoke(approval, "approver");
    record.objects.delete(revocation.envelope);
    expect((await record.hold()).approvals).toEqual([]);
  });
});

describe("what is gone", () => {
  it("denies on a missing object, whatever it said", async () => {
    const scan = await record.scan("clean");
    record.objects.delete(scan.envelope);
    expect((await record.hold()).negatives).toEqual(["object-missing"]);
  });

  it("denies on an object whose bytes changed", async () => {
    const scan = await record.scan("clean");
    record.objects.get(scan.envelope)![10]! ^= 1;
    expect((await record.hold()).negatives).toEqual(["object-missing"]);
  });

  it("keeps the effect of an erased finding and forgets an erased approval", async () => {
    const scan = await record.scan("malicious");
    const approval = await record.approval();
    for (const entry of [scan, approval]) {
      await record.state("tombstone", "service", { reason: "request" }, entry.envelope);
      record.objects.delete(entry.envelope);
    }
    const held = await record.hold();
    expect(held.negatives).toEqual(["erased-negative"]);
    expect(held.approvals).toEqual([]);
  });

  it("does not take a tombstone from somebody who may not erase", async () => {
    const scan = await record.scan("malicious");
    await record.state("tombstone", "author", { reason: "hide" }, scan.envelope);
    record.objects.delete(scan.envelope);
    expect((await record.hold()).negatives).toEqual(["object-missing"]);
  });
});

describe("bindings", () => {
  it("refuses a manifest that is another artifact's", async () => {
    const other = { files: [{ ...manifest.files[0]!, size: 2 }] };
    const wrong = await record.state("manifest", "service", { manifest: other, submitter: "x" });
    expect(statusOf(await record.hold(), wrong)).toBe("invalid");
  });

  it("refuses a statement of another shape", async () => {
    const wrong = await record.state("scan", "service", { verdict: "clean" });
    expect(statusOf(await record.hold(), wrong)).toBe("invalid");
  });
});

describe("a containment", () => {
  const contained = { reason: "its training data is poisoned", principal: "operator", nonce: "1" };

  it("denies until a revoker lifts it", async () => {
    const entry = await record.state("containment", "service", contained);
    expect(entry.outcome).toBe("negative");
    expect((await record.hold()).negatives).toEqual(["contained"]);
    await record.revoke(entry, "author");
    expect((await record.hold()).negatives).toEqual(["contained"]);
    await record.revoke(entry, "revoker");
    expect((await record.hold()).negatives).toEqual([]);
  });

  it("denies still when its object is gone, by deletion or by erasure", async () => {
    const entry = await record.state("containment", "service", contained);
    record.objects.delete(entry.envelope);
    expect((await record.hold()).negatives).toEqual(["object-missing"]);
    await record.state("tombstone", "service", { reason: "asked for" }, entry.envelope);
    expect((await record.hold()).negatives).toEqual(["erased-negative"]);
  });

  it("does not count from someone who may not state it", async () => {
    await record.state("containment", "author", contained);
    expect((await record.hold()).negatives).toEqual([]);
  });
});

it("a deployment is no reason for the next decision", async () => {
  const before = (await record.hold()).inputs;
  await record.state("deployment", "service", {
    name: "scorer",
    environment: "production",
    region: "eu",
    state: "running",
    principal: "operator",
    nonce: "1",
  });
  expect((await record.hold()).inputs).toEqual(before);
});
