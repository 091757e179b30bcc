import type { Document } from "@countersign/inventory";
import { describe, expect, it } from "vitest";
import { adopt } from "./adopt.js";
import { documentOf } from "./document.js";

const imported = documentOf("Model", "mlflow://a", {
  name: "credit-risk",
  description: "from the registry",
  labels: { "mlflow/latest": "4" },
  tags: { licence: "MIT" },
  spec: { datasets: ["b", "c"], framework: "sklearn", source: "models:/m-4" },
});

describe("adopting what is there already", () => {
  it("keeps what people declared, and adds what the source knows", () => {
    const declared: Document<"Model"> = {
      apiVersion: "countersign.dev/v1",
      kind: "Model",
      metadata: {
        name: "credit-risk",
        owner: "team-risk",
        description: "ours",
        labels: { desk: "retail" },
        tags: { licence: "Apache-2.0", tier: "tier-1" },
      },
      spec: { datasets: ["a", "b"], framework: "scikit-learn", aliases: { champion: "production" } },
    };
    const { document, notes } = adopt(declared, imported);
    expect(document).toEqual({
      ...declared,
      metadata: { ...declared.metadata, labels: { desk: "retail", "mlflow/latest": "4" } },
      spec: {
        datasets: ["a", "b", "c"],
        framework: "scikit-learn",
        aliases: { champion: "production" },
        source: "models:/m-4",
      },
    });
    expect(notes).toEqual([expect.stringContaining("Apache-2.0, which stays")]);
  });

  it("follows its source where the document is the source's, but not over an owner", () => {
    const earlier = {
      ...imported,
      metadata: { ...imported.metadata, owner: "team-risk" },
      spec: { ...imported.spec, source: "models:/m-3" },
    };
    const { document, notes } = adopt(earlier, imported);
    expect(document.spec).toEqual(imported.spec);
    expect(document.metadata.owner).toBe("team-risk");
    expect(notes).toEqual([]);
  });

  it("changes nothing the second time", () => {
    const declared = { ...imported, metadata: { name: "credit-risk" }, spec: {} } as Document;
    const once = adopt(declared, imported).document;
    expect(adopt(once, imported).document).toEqual(once);
  });
});
