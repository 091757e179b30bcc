import { rm } from "node:fs/promises";
import { join } from "node:path";
import { checkDocument, type Document } from "@countersign/inventory";
import { describe, expect, it } from "vitest";
import { eachTest } from "../test/each-test.js";
import type { Place } from "../test/fixture.js";
import { admitGood, safetensors } from "../test/fixture.js";
import type { Workspace } from "./index.js";

let here: Place;
let workspace: Workspace;
eachTest((...fresh) => {
  [here, workspace] = fresh;
  return () => workspace;
});

const asset = { kind: "Model", name: "credit-risk" } as const;

function describe_(tags: object, spec: object = {}): Document {
  const metadata = { name: asset.name, owner: "team-risk", tags };
  return checkDocument({ apiVersion: "countersign.dev/v1", kind: "Model", metadata, spec });
}

async function apply(document: Document | null): Promise<number> {
  const before = (await workspace.asset(asset.kind, asset.name))?.document ?? null;
  const statements = await workspace.assetStatements(asset, document, { principal: "author", before });
  return (await workspace.state(statements)).length;
}

const declared = async (subject: string) => (await workspace.version(subject)).facts.declaration;

async function admit(seed: number): Promise<string> {
  const path = await here.model({ "model.safetensors": safetensors(seed) });
  return (await admitGood(workspace, path)).artifact;
}

describe("documents of an asset", () => {
  it("are declared on the versions that are there, and only what changes", async () => {
    const [one, two] = [await admit(1), await admit(2)];
    expect(
      await apply(describe_({ licence: "MIT", sensitivity: "restricted" }, { origin: "in-house" })),
    ).toBe(3);
    for (const artifact of [one, two]) {
      expect(await declared(artifact)).toMatchObject({
        licence: "MIT",
        origin: "in-house",
        tags: { sensitivity: "restricted", owner: "team-risk" },
      });
    }
    const { document } = (await workspace.asset(asset.kind, asset.name)) ?? {};
    const again = await workspace.assetStatements(asset, document ?? null, { before: document ?? null });
    expect(again).toEqual([]);
  });

  it("are declared on a version that is admitted later, before its first gate", async () => {
    await apply(describe_({ licence: "MIT", sensitivity: "restricted" }));
    const path = await here.model({ "model.safetensors": safetensors(3) });
    const { artifact, decision } = await workspace.admit({
      path,
      name: asset.name,
      submitter: "author",
      licence: "GPL-3.0-only",
      tags: { sensitivity: "public", stage: "trial" },
    });
    expect(await declared(artifact)).toMatchObject({
      licence: "MIT",
      tags: { sensitivity: "restricted", stage: "trial" },
    });
    const entries = (await workspace.version(artifact)).entries;
    const said = entries.find(({ predicate }) => predicate === "declaration");
    expect(said?.index).toBeLessThan(decision.index);
  });

  it("take back what only the document before said, and keep what others said", async () => {
    const artifact = await admit(1);
    await workspace.declare({
      subject: artifact,
      tags: { reviewed: "yes" },
      signer: await workspace.keyring.signer("author"),
    });
    await apply(describe_({ sensitivity: "restricted", tier: "tier-1" }));
    await apply(describe_({ tier: "tier-2" }));
    expect((await declared(artifact)).tags).toMatchObject({
      sensitivity: "",
      tier: "tier-2",
      reviewed: "yes",
    });
  });

  it("change one tag and leave the others as they were said, one change after the other", async () => {
    const artifact = await admit(1);
    await apply(describe_({ sensitivity: "restricted", tier: "tier-1", jurisdiction: "DE" }));
    await apply(describe_({ sensitivity: "restricted", tier: "tier-2", jurisdiction: "DE" }));
    await apply(describe_({ sensitivity: "internal", tier: "tier-2", jurisdiction: "DE" }));
    await workspace.declare({ subject: artifact, tags: { toString: "odd" }, signer: workspace.service });
    await workspace.declare({ subject: artifact, tags: { stage: "trial" }, signer: workspace.service });
    expect(await declared(artifact)).toMatchObject({
      licence: "apache-2.0",
      tags: { sensitivity: "internal", tier: "tier-2", jurisdiction: "DE", stage: "trial", toString: "odd" },
    });
    const { entries } = await workspace.version(artifact);
    const declarations = entries.filter(({ predicate }) => predicate === "declaration");
    expect(declarations.map(({ status }) => status)).not.toContain("invalid");
    await workspace.declare({ subject: artifact, tags: { stage: "done" }, signer: workspace.service });
    const after = (await workspace.version(artifact)).entries.filter(({ reason }) =>
      /superseded/.test(reason),
    );
    expect(after.map(({ predicate }) => predicate)).toEqual(["declaration"]);
  });

  it("stay declared when the document is taken out of force", async () => {
    const artifact = await admit(1);
    await apply(describe_({ sensitivity: "restricted" }));
    await apply(null);
    expect((await workspace.asset(asset.kind, asset.name))?.document).toBeNull();
    expect((await declared(artifact)).tags).toMatchObject({ sensitivity: "restricted" });
  });

  it("do not stand between a name and its newest version", async () => {
    const artifact = await admit(1);
    await apply(describe_({}));
    expect((await workspace.version(asset.name)).artifact).toBe(artifact);
    const decision = await workspace.gate({
      gate: "promote",
      subject: asset.name,
      environment: "staging",
      principal: "author",
    });
    expect(decision.artifact).toBe(artifact);
  });

  it("name nothing that could be promoted while no version is there", async () => {
    await apply(describe_({}));
    await expect(workspace.version(asset.name)).rejects.toMatchObject({ code: "not-found" });
  });

  it("give way to the one before when they are revoked, and to none when they are lost", async () => {
    await apply(describe_({ tier: "tier-1" }));
    await apply(describe_({ tier: "tier-2" }));
    const newest = await workspace.asset(asset.kind, asset.name);
    if (newest === undefined) throw new Error("no document");
    const signer = await workspace.keyring.signer("approver");
    await workspace.revoke({ envelope: newest.envelope, reason: "mistake", signer });
    const before = await workspace.asset(asset.kind, asset.name);
    expect(before?.document?.metadata.tags).toEqual({ tier: "tier-1" });
    const hex = (before?.envelope ?? "").slice(7);
    await rm(join(here.directory, "objects", "sha256", hex.slice(0, 2), hex.slice(2)));
    await expect(workspace.asset(asset.kind, asset.name)).rejects.toMatchObject({ code: "object-missing" });
  });
});
