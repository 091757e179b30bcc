import { makeStatement, type Statement } from "@countersign/evidence";
import { PREDICATE_TYPES } from "@countersign/facts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { collapse } from "./collapse.js";
import { edgesOf, type Reference } from "./contribution.js";
import { causeOf, keysMeant, parseKey, runNode } from "./keys.js";
import { contributionOfEvent } from "./openlineage/contribute.js";
import { lineageEventOf } from "./openlineage/emit.js";
import { parseLineageEvent } from "./openlineage/parse.js";
import { tidy } from "./text.js";

const hex = (letter: string): string => letter.repeat(64);
const references: Reference[] = [];
const reading = { workspace: "default", referencesOf: () => references };
const arrows = (statement: Statement) =>
  edgesOf(statement, reading).edges.map(({ from, to, relation }) => `${from} ${relation} ${to}`);

describe("what a statement says of lineage", () => {
  it("a manifest: an asset has a version", () => {
    const statement = makeStatement(
      [{ name: "Dataset:applications", digest: { sha256: hex("a") } }],
      PREDICATE_TYPES.manifest,
      {},
    );
    expect(arrows(statement)).toEqual([
      `asset:Dataset/applications version sha256:${hex("a")}`,
      `sha256:${hex("a")} of asset:Dataset/applications`,
    ]);
  });

  it("a provenance: what went in by role, what came out, and nothing for a run that made no model", () => {
    const dependency = (role: string, digest: object) => ({
      uri: "git+https://example.com/x",
      name: "x",
      digest,
      annotations: { role },
    });
    const predicate = {
      buildDefinition: {
        resolvedDependencies: [
          dependency("dataset", { sha256: hex("a") }),
          dependency("dataset", { mlflow: "12ab" }),
          dependency("base-model", { sha256: hex("b") }),
          dependency("code", { gitCommit: "c0ffee" }),
          dependency("weather", { sha256: hex("d") }),
        ],
      },
      runDetails: { metadata: { invocationId: "r1" } },
    };
    const subject = [
      { name: "credit-risk", digest: { sha256: hex("e") } },
      { name: "run:r1", digest: { sha256: hex("f") } },
    ];
    expect(arrows(makeStatement(subject, PREDICATE_TYPES.provenance, predicate))).toEqual([
      `sha256:${hex("a")} input run:r1`,
      "external:dataset/x@12ab input run:r1",
      `sha256:${hex("b")} base run:r1`,
      "external:code/git+https://example.com/x@c0ffee uses run:r1",
      `run:r1 output sha256:${hex("e")}`,
    ]);
  });

  it("a provenance goes out as an event that says the same when it comes back", () => {
    const dependency = { name: "rows", digest: { sha256: hex("a") }, annotations: { role: "dataset" } };
    const predicate = {
      buildDefinition: { externalParameters: { experiment: "credit" }, resolvedDependencies: [dependency] },
      runDetails: { metadata: { invocationId: "c".repeat(32), finishedOn: "2026-11-21T08:00:00Z" } },
    };
    const subject = [{ name: "credit-risk", digest: { sha256: hex("e") } }];
    const statement = makeStatement(subject, PREDICATE_TYPES.provenance, predicate);
    const origin = { workspace: "default", index: 7, envelope: `sha256:${hex("b")}` as const, at: 1 };
    const event = lineageEventOf(statement, origin) as { eventTime: string };
    expect(event.eventTime).toBe("2026-11-21T08:00:00.000Z");
    const back = contributionOfEvent(parseLineageEvent(event), "default").edges;
    for (const { from, to, relation } of edgesOf(statement, reading).edges)
      expect(back).toContainEqual({ from, to, relation });
  });

  it("a document: it rests on what it refers to, but not on its alternatives", () => {
    references.push(
      { kind: "Model", name: "m", relation: "part" },
      { kind: "Vendor", name: "v", relation: "supplied" },
      { kind: "Model", name: "n", relation: "alternative" },
      { kind: "System", name: "s", relation: "part" },
    );
    const asset = {
      kind: "System",
      name: "s",
      document: { metadata: { owner: "risk" } },
      principal: "p",
      nonce: "n",
    };
    const said = edgesOf(
      makeStatement([{ digest: { sha256: hex("a") } }], PREDICATE_TYPES.asset, asset),
      reading,
    );
    expect(said.edges.map(({ from, to, declared }) => [from, to, declared])).toEqual([
      ["asset:Model/m", "asset:System/s", true],
      ["asset:Vendor/v", "asset:System/s", true],
    ]);
    expect(said.nodes[0]).toMatchObject({ owner: "risk", declared: true });
    expect(said.ends).toEqual({ node: "asset:System/s", ties: false });
  });

  it("reads any provenance and event without failing", () => {
    const types = [PREDICATE_TYPES.provenance, PREDICATE_TYPES.lineage];
    fc.assert(
      fc.property(fc.constantFrom(...types), fc.object({ maxDepth: 4 }), (type, predicate) => {
        const said = {
          event: predicate,
          buildDefinition: predicate,
          runDetails: { metadata: { invocationId: "r" } },
        };
        const { nodes, edges } = edgesOf(
          makeStatement([{ digest: { sha256: hex("a") } }], type, said),
          reading,
        );
        const keys = new Set(nodes.map(({ key }) => key));
        for (const { from, to } of edges) expect(keys.has(from) && keys.has(to)).toBe(true);
      }),
    );
  });
});

describe("keys", () => {
  it("are what people may have meant", () => {
    expect(keysMeant("credit-risk")[0]).toBe("asset:Model/credit-risk");
    expect(keysMeant("Dataset:x")).toEqual(["asset:Dataset/x"]);
    expect(keysMeant("Model:x")).toEqual(["asset:Model/x"]);
    expect(keysMeant(`sha256:${hex("a")}`)).toEqual([`sha256:${hex("a")}`]);
    expect(keysMeant("run:01941F29-7C00-7087-8940-40E509060000")).toEqual([
      "run:01941f297c007087894040e509060000",
    ]);
    expect(parseKey("deployment:production/eu/score/a")).toMatchObject({ region: "eu", name: "score/a" });
    expect(parseKey("asset:Nonsense/x")).toBeUndefined();
  });

  it("name one cause each", () => {
    const keys = [`sha256:${hex("a")}`, "asset:Model/a", "asset:Dataset/a", runNode("a"), "job:a/a"];
    expect(new Set(keys.map((key) => causeOf("default", key))).size).toBe(keys.length);
  });

  it("stay short, clean and apart, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 2_000 }), fc.string({ unit: "binary" }), (a, b) => {
        expect(Buffer.byteLength(tidy(a))).toBeLessThanOrEqual(640);
        expect(tidy(a)).not.toMatch(/[\p{Cc}\p{Cs}]/u);
        if (a !== b) expect(tidy(a)).not.toBe(tidy(b));
      }),
    );
  });
});

describe("a graph that is folded", () => {
  it("shows many runs and versions of one kind as one", () => {
    const many = Array.from({ length: 50 }, (_, at) => at);
    const nodes = [
      { key: "d", type: "version", kind: "Dataset" },
      { key: "m", type: "asset", kind: "Model" },
      ...many.map((at) => ({ key: `r${at}`, type: "run", kind: "Run" })),
      ...many.map((at) => ({ key: `v${at}`, type: "version", kind: "Model" })),
      { key: "x", type: "version", kind: "Model" },
    ];
    const edges = many.flatMap((at) => [
      { from: "d", to: `r${at}`, relation: "input" },
      { from: `r${at}`, to: `v${at}`, relation: "output" },
      { from: "m", to: `v${at}`, relation: "version" },
    ]);
    const folded = collapse({ nodes, edges });
    expect(folded.nodes.map(({ node, members }) => [node.key, members.length])).toEqual([
      ["d", 1],
      ["m", 1],
      ["r0", 50],
      ["v0", 50],
      ["x", 1],
    ]);
    expect(folded.edges).toHaveLength(3);
    expect(collapse({ nodes, edges }, new Set(["v7"])).nodes.map(({ node }) => node.key)).toContain("v7");
  });
});
