import { checkDocument, findCycles, referencesOf } from "@countersign/inventory";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { all } from "../../test/server.js";
import { importCycloneDx } from "./import.js";

const BOM = {
  bomFormat: "CycloneDX",
  specVersion: "1.6",
  serialNumber: "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
  metadata: { component: { type: "application", "bom-ref": "app", name: "Credit desk", version: "2.1" } },
  components: [
    {
      type: "machine-learning-model",
      "bom-ref": "model",
      group: "acme",
      name: "credit risk",
      version: "3",
      licenses: [{ license: { id: "Apache-2.0" } }, { license: { name: "Acme Addendum" } }],
      supplier: {
        name: "Acme, Inc.",
        url: ["https://acme.example/?utm=1"],
        contact: [{ name: "Jane Doe", email: "jane@acme.example" }],
      },
      authors: [{ name: "Jane Doe" }],
      hashes: [{ alg: "SHA-256", content: "ab".repeat(32) }],
      purl: "pkg:huggingface/acme/credit-risk@3",
      pedigree: { ancestors: [{ type: "machine-learning-model", group: "bigco", name: "base" }] },
      modelCard: {
        modelParameters: {
          approach: { type: "supervised" },
          task: "classification",
          modelArchitecture: "MLP",
          datasets: [
            { ref: "data" },
            {
              type: "dataset",
              name: "benchmark",
              contents: { url: "https://data.example/b.csv?key=SECRET" },
              classification: "public",
            },
          ],
        },
        considerations: { useCases: ["scoring"], technicalLimitations: ["not for hiring"] },
      },
      components: [{ type: "machine-learning-model", "bom-ref": "inner", name: "embedder" }],
    },
    {
      type: "data",
      "bom-ref": "data",
      name: "applications",
      data: [
        {
          type: "dataset",
          classification: "Confidential",
          sensitiveData: ["customer PII"],
          contents: { url: "s3://data/apps" },
        },
      ],
    },
    { type: "container", "bom-ref": "image", name: "serve", version: "1.4", hashes: [] },
    { type: "device", "bom-ref": "gpu", name: "H100", manufacturer: { name: "Chips Co" } },
    { type: "library", "bom-ref": "lib", name: "numpy", version: "2.0" },
  ],
  services: [
    {
      "bom-ref": "api",
      name: "scoring-api",
      provider: { name: "Acme, Inc." },
      endpoints: ["https://api.example/score"],
    },
  ],
  dependencies: [
    { ref: "app", dependsOn: ["model", "api"] },
    { ref: "model", dependsOn: ["data", "inner", "model"] },
    { ref: "inner", dependsOn: ["model"] },
    { ref: "api", dependsOn: ["model"] },
    { ref: "image", dependsOn: ["model", "nothing"] },
    { ref: "lib", dependsOn: ["lib"] },
  ],
};

const read = async (bom: unknown, options = {}) =>
  all(importCycloneDx(Buffer.from(JSON.stringify(bom)), options));

describe("import of a CycloneDX BOM", () => {
  it("makes assets of models, data, images, devices, services and suppliers", async () => {
    const { documents, notes } = await read(BOM);
    for (const document of documents) checkDocument(document);
    expect(documents.map(({ kind, metadata }) => `${kind}:${metadata.name}`)).toEqual([
      "Vendor:Acme+2C+20Inc.",
      "Vendor:Chips+20Co",
      "Model:acme/credit+20risk",
      "Dataset:benchmark",
      "Model:embedder",
      "Dataset:applications",
      "Image:serve",
      "Hardware:H100",
      "Service:scoring-api",
      "System:Credit+20desk",
    ]);
    const [vendor, , model, benchmark, , data, image, , service, system] = documents;
    expect(vendor).toMatchObject({
      metadata: { title: "Acme, Inc." },
      spec: { website: "https://acme.example/" },
    });
    expect(model).toMatchObject({
      metadata: {
        title: "acme/credit risk",
        tags: { licence: "Apache-2.0 AND LicenseRef-Acme-Addendum" },
        labels: {
          "cyclonedx/SHA-256": "ab".repeat(32),
          "cyclonedx/version": "3",
        },
      },
      spec: {
        task: "classification",
        vendor: "Acme+2C+20Inc.",
        baseModel: ["bigco/base", "embedder"],
        datasets: ["applications", "benchmark"],
        intendedUse: "scoring",
        limitations: "not for hiring",
      },
    });
    expect(benchmark).toMatchObject({
      metadata: { tags: { sensitivity: "public" } },
      spec: { source: "https://data.example/b.csv" },
    });
    expect(data?.metadata.tags).toEqual({ sensitivity: "confidential", personalData: true });
    expect(image?.spec).toMatchObject({ reference: "serve:1.4", contains: ["Model:acme/credit+20risk"] });
    expect(service?.spec).toMatchObject({ url: "https://api.example/score", models: ["acme/credit+20risk"] });
    expect(system?.spec).toMatchObject({ components: expect.arrayContaining(["Model:acme/credit+20risk"]) });
    expect(notes).toEqual([
      "1 components are no model, data, image, device or service; --all takes libraries as Code",
    ]);
    const said = JSON.stringify(documents);
    for (const secret of ["Jane", "jane@", "SECRET"]) expect(said).not.toContain(secret);
  });

  it("takes libraries as Code where it is asked to", async () => {
    const { documents } = await read(BOM, { all: true });
    expect(documents.map(({ kind }) => kind)).toContain("Code");
  });

  it("reads circles as they stand, without following them", async () => {
    const ring = Array.from({ length: 5_000 }, (_, at) => ({
      type: "machine-learning-model",
      "bom-ref": `m${at}`,
      name: `m${at}`,
    }));
    const dependencies = ring.map((_, at) => ({ ref: `m${at}`, dependsOn: [`m${(at + 1) % ring.length}`] }));
    const { documents } = await read({ ...BOM, metadata: {}, components: ring, services: [], dependencies });
    expect(documents).toHaveLength(5_000);
    expect(referencesOf(documents.at(-1)!)).toEqual([{ kind: "Model", name: "m0", relation: "base" }]);
    expect(findCycles).toBeDefined();
  });

  it("makes one asset of two versions, and says so of doubled references", async () => {
    const twice = [1, 2].map((version) => ({
      type: "data",
      "bom-ref": "same",
      name: "d",
      version: String(version),
    }));
    const { documents, notes } = await read({ ...BOM, components: twice });
    expect(documents.find(({ kind }) => kind === "Dataset")?.metadata.labels?.["cyclonedx/version"]).toBe(
      "1, 2",
    );
    expect(notes.join()).toContain("the bom-ref same stands twice");
  });

  it("refuses what is no BOM, and says what is", async () => {
    await expect(read({ spdxVersion: "SPDX-2.3" })).rejects.toThrow("bomFormat is not CycloneDX");
    await expect(all(importCycloneDx(Buffer.from('<?xml version="1.0"?><bom/>')))).rejects.toThrow(
      "it is XML",
    );
    await expect(all(importCycloneDx(Buffer.from("[".repeat(1_000))))).rejects.toMatchObject({
      code: "json-malformed",
    });
    const { notes } = await read({ ...BOM, specVersion: "9.9" });
    expect(notes[0]).toContain("specVersion 9.9");
  });

  it("makes valid documents of any components", async () => {
    const word = fc.oneof(
      fc.string({ unit: "binary", maxLength: 40 }),
      fc.string({ maxLength: 600 }),
      fc.constantFrom("a", "b", "../x", "Vendor:x", "\u0000"),
    );
    const loose = fc.oneof(word, fc.integer(), fc.constant(null), fc.array(word, { maxLength: 3 }));
    const component = fc.record(
      {
        type: fc.constantFrom("machine-learning-model", "data", "container", "device", "library", "firmware"),
        "bom-ref": fc.oneof(fc.constantFrom("a", "b"), loose),
        name: fc.oneof(word, loose),
        group: loose,
        version: loose,
        description: fc.oneof(loose, fc.string({ maxLength: 9_000, minLength: 8_000 })),
        supplier: fc.oneof(loose, fc.record({ name: word, url: loose })),
        licenses: fc.oneof(
          loose,
          fc.array(
            fc.record(
              { license: fc.oneof(loose, fc.record({ id: loose, name: loose })), expression: loose },
              { requiredKeys: [] },
            ),
            { maxLength: 3 },
          ),
        ),
        hashes: fc.array(fc.record({ alg: loose, content: loose }), { maxLength: 2 }),
        data: fc.array(
          fc.record({
            name: loose,
            classification: loose,
            sensitiveData: loose,
            contents: fc.record({ url: loose }),
          }),
          { maxLength: 2 },
        ),
        modelCard: fc.oneof(
          loose,
          fc.record({
            modelParameters: fc.record({
              task: loose,
              datasets: fc.array(fc.record({ ref: loose, name: loose }, { requiredKeys: [] }), {
                maxLength: 3,
              }),
            }),
            considerations: fc.record({ useCases: loose }),
          }),
        ),
        pedigree: fc.record({
          ancestors: fc.array(fc.record({ name: loose, group: loose }), { maxLength: 3 }),
        }),
        externalReferences: fc.array(fc.record({ type: fc.constantFrom("vcs", "website"), url: loose }), {
          maxLength: 2,
        }),
      },
      { requiredKeys: ["type", "name"] },
    );
    const bom = fc.record({
      bomFormat: fc.constant("CycloneDX"),
      specVersion: fc.constantFrom("1.5", "1.6", "1.7"),
      components: fc.array(component, { maxLength: 6 }),
      services: fc.oneof(loose, fc.array(component, { maxLength: 2 })),
      dependencies: fc.oneof(
        loose,
        fc.array(
          fc.record({ ref: fc.constantFrom("a", "b"), dependsOn: fc.array(fc.constantFrom("a", "b", "c")) }),
          { maxLength: 4 },
        ),
      ),
      metadata: fc.oneof(loose, fc.record({ component: fc.oneof(loose, component) })),
    });
    await fc.assert(
      fc.asyncProperty(bom, fc.boolean(), async (value, everything) => {
        const bytes = Buffer.from(JSON.stringify(value));
        const { documents } = await all(importCycloneDx(bytes, { all: everything }));
        for (const document of documents) checkDocument(document);
      }),
      { numRuns: 300 },
    );
  });
});
