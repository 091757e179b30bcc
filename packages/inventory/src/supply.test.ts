import { describe, expect, it } from "vitest";
import type { VendorSpec } from "./index.js";
import {
  type AssetNode,
  concentration,
  type Document,
  findCycles,
  licencesFor,
  parseDocuments,
  referencesOf,
  sanctionOn,
  suppliersOf,
  tagStatements,
} from "./index.js";

const nodes = (text: string): AssetNode[] =>
  parseDocuments(text).map((document) => ({
    kind: document.kind,
    name: document.metadata.name,
    references: referencesOf(document),
  }));

const doc = (kind: string, name: string, spec: string): string =>
  `---\napiVersion: countersign.dev/v1\nkind: ${kind}\nmetadata: { name: ${name} }\nspec: ${spec}\n`;

const only = (text: string): Document => {
  const [document] = parseDocuments(text);
  if (document === undefined) throw new Error("no document");
  return document;
};

describe("concentration", () => {
  const world = [
    doc("Vendor", "holding", "{}"),
    doc("Vendor", "acme", "{ parent: holding }"),
    doc("Vendor", "other", "{}"),
    doc("Model", "base", "{ vendor: acme }"),
    doc("Model", "tuned", "{ baseModel: base }"),
    doc("Model", "spare", "{ vendor: other }"),
    doc("Model", "guard", "{ vendor: acme, alternatives: [spare] }"),
    doc("Endpoint", "live", "{ url: https://x, environment: production, models: [tuned] }"),
    doc("System", "desk", "{ components: [Endpoint:live, Model:guard] }"),
    doc("System", "chat", "{ components: [Model:guard] }"),
  ].join("");
  const shares = new Map(concentration(nodes(world)).map((share) => [share.name, share]));

  it("follows references all the way up, through owners of vendors too", () => {
    expect(shares.get("acme")?.direct).toBe(2);
    expect(shares.get("acme")?.dependants.sort()).toEqual(shares.get("holding")?.dependants.sort());
    expect(shares.get("holding")?.dependants.sort()).toEqual([
      "Endpoint:live",
      "Model:base",
      "Model:guard",
      "Model:tuned",
      "System:chat",
      "System:desk",
    ]);
  });

  it("counts as single what no declared alternative could take the place of", () => {
    expect(shares.get("acme")?.single.sort()).toEqual([
      "Endpoint:live",
      "Model:base",
      "Model:guard",
      "Model:tuned",
      "System:desk",
    ]);
    expect(shares.get("other")?.single).toEqual(["Model:spare"]);
  });

  it("does not count an alternative that rests on the same supplier", () => {
    const same = world.replace("{ vendor: other }", "{ baseModel: base }");
    const acme = concentration(nodes(same)).find(({ name }) => name === "acme");
    expect(acme?.single).toContain("System:chat");
  });

  it("is told of one asset, vendors that nobody described included", () => {
    const all = nodes(
      world.replace("kind: Vendor\nmetadata: { name: other }", "kind: Code\nmetadata: { name: z }"),
    );
    expect(suppliersOf("Model:spare", all)).toEqual([{ name: "other", single: true }]);
    expect(suppliersOf("System:chat", all)).toEqual([
      { name: "acme", single: false },
      { name: "holding", single: false },
    ]);
  });

  it("ends on circles", () => {
    const circle =
      doc("Service", "a", "{ dependsOn: [Service:b], vendor: v }") +
      doc("Service", "b", "{ dependsOn: [Service:a] }");
    expect(concentration(nodes(circle))[0]?.single.sort()).toEqual(["Service:a", "Service:b"]);
  });
});

describe("findCycles", () => {
  it("finds an asset that refers to itself, and each circle once", () => {
    const text =
      doc("Model", "self", "{ baseModel: self }") +
      doc("Model", "a", "{ baseModel: b }") +
      doc("Model", "b", "{ baseModel: c, datasets: [a] }") +
      doc("Model", "c", "{ baseModel: a }") +
      doc("Model", "d", "{ baseModel: a }");
    expect(findCycles(nodes(text)).sort()).toEqual([["Model:a", "Model:b", "Model:c"], ["Model:self"]]);
  });

  it("takes alternatives for no circle", () => {
    const text = doc("Model", "a", "{ alternatives: [b] }") + doc("Model", "b", "{ alternatives: [a] }");
    expect(findCycles(nodes(text))).toEqual([]);
  });

  it("follows a chain that is longer than the stack", () => {
    const length = 100_000;
    const chain: AssetNode[] = Array.from({ length }, (_, at) => ({
      kind: "Model",
      name: `m${at}`,
      references: [{ kind: "Model", name: `m${(at + 1) % length}`, relation: "base" }],
    }));
    expect(findCycles(chain)[0]).toHaveLength(length);
  });
});

describe("vendors", () => {
  const spec: VendorSpec = {
    sanctions: [
      { status: "clear", list: "EU", from: "2020-01-01" },
      { status: "listed", list: "OFAC", from: "2026-03-01", until: "2026-06-01" },
    ],
    licences: [
      { id: "old", uses: ["commercial"], until: "2026-01-01" },
      {
        id: "eu",
        uses: ["commercial", "fine-tuning"],
        forbids: ["redistribution"],
        regions: ["EU"],
        from: "2026-01-01",
      },
    ],
  };

  it("are as gravely sanctioned as any list says on that day", () => {
    expect(sanctionOn(spec, "2019-12-31")).toBeUndefined();
    expect(sanctionOn(spec, "2026-02-28")?.status).toBe("clear");
    expect(sanctionOn(spec, "2026-03-01")?.status).toBe("listed");
    expect(sanctionOn(spec, "2026-06-01")?.status).toBe("clear");
  });

  it("allow what a licence in force allows, where and for whom it holds", () => {
    const ids = (wanted: Parameters<typeof licencesFor>[1]) => licencesFor(spec, wanted).map(({ id }) => id);
    expect(ids({ use: "commercial", day: "2025-12-31" })).toEqual(["old"]);
    expect(ids({ use: "commercial", day: "2026-01-01" })).toEqual(["eu"]);
    expect(ids({ use: "fine-tuning", day: "2026-01-01", region: "US" })).toEqual([]);
    expect(ids({ use: "redistribution", day: "2026-01-01" })).toEqual([]);
  });
});

describe("tagStatements", () => {
  it("says tags as policies read them, sorted, with lists in one order", () => {
    const document = only(
      "apiVersion: countersign.dev/v1\nkind: Model\nmetadata:\n  name: m\n  owner: team\n  tags: { personalData: true, residency: [US, EU], licence: MIT, tier: tier-1 }\nspec: { vendor: 'Vendor:acme' }\n",
    );
    expect(tagStatements(document)).toEqual({
      licence: "MIT",
      origin: "acme",
      tags: { owner: "team", personalData: "true", residency: "EU,US", tier: "tier-1", vendor: "acme" },
    });
  });

  it("says nothing of what is not said", () => {
    expect(tagStatements(only(doc("Dataset", "d", "{}")))).toEqual({ tags: {} });
  });
});

describe("referencesOf", () => {
  it("reads every field that refers, in either spelling, once", () => {
    const document = only(
      doc(
        "Vendor",
        "v",
        "{ parent: p, suppliers: ['Vendor:s'], licences: [{ id: l, uses: [x], covers: ['Model:m', 'Dataset:d'] }] }",
      ),
    );
    expect(referencesOf(document)).toEqual([
      { kind: "Vendor", name: "p", relation: "owned" },
      { kind: "Vendor", name: "s", relation: "supplied" },
      { kind: "Model", name: "m", relation: "covers" },
      { kind: "Dataset", name: "d", relation: "covers" },
    ]);
    const merge = only(doc("Model", "m", "{ baseModel: [a, 'Model:b'] }"));
    expect(referencesOf(merge)).toEqual(
      ["a", "b"].map((name) => ({ kind: "Model", name, relation: "base" })),
    );
    const hardware = only(doc("Hardware", "h", "{ vendor: v, provenance: { manufacturer: 'Vendor:v' } }"));
    expect(referencesOf(hardware)).toEqual([{ kind: "Vendor", name: "v", relation: "supplied" }]);
  });
});
