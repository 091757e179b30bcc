import type { AssetKind } from "@countersign/facts";
import { parseAssetName } from "@countersign/facts";
import type { Document } from "./document.js";

/**
 * What one asset is to another. The words are the lineage graph's where it has them; `alternative` and `covers` say
 * nothing of dependence.
 */
export type Relation =
  | "alternative"
  | "base"
  | "covers"
  | "derived"
  | "input"
  | "output"
  | "owned"
  | "part"
  | "serves"
  | "supplied"
  | "uses";

export interface Reference {
  kind: AssetKind;
  name: string;
  relation: Relation;
}

/** Fields of a spec that refer to assets: the kind they mean when they name none, and what the asset is to the document. */
const FIELDS: Partial<Record<AssetKind, Record<string, [kind: AssetKind, relation: Relation]>>> = {
  Code: { vendor: ["Vendor", "supplied"], dependsOn: ["Code", "uses"], models: ["Model", "uses"] },
  Dataset: {
    vendor: ["Vendor", "supplied"],
    derivedFrom: ["Dataset", "derived"],
    code: ["Code", "uses"],
    alternatives: ["Dataset", "alternative"],
  },
  Endpoint: {
    models: ["Model", "serves"],
    service: ["Service", "uses"],
    vendor: ["Vendor", "supplied"],
    hardware: ["Hardware", "uses"],
    image: ["Image", "uses"],
    alternatives: ["Endpoint", "alternative"],
  },
  Hardware: {
    vendor: ["Vendor", "supplied"],
    components: ["Hardware", "part"],
    alternatives: ["Hardware", "alternative"],
  },
  Image: {
    base: ["Image", "base"],
    contains: ["Model", "part"],
    vendor: ["Vendor", "supplied"],
    alternatives: ["Image", "alternative"],
  },
  Model: {
    vendor: ["Vendor", "supplied"],
    baseModel: ["Model", "base"],
    datasets: ["Dataset", "input"],
    code: ["Code", "uses"],
    prompts: ["Prompt", "uses"],
    alternatives: ["Model", "alternative"],
  },
  Prompt: { models: ["Model", "covers"] },
  Run: {
    code: ["Code", "uses"],
    datasets: ["Dataset", "input"],
    baseModel: ["Model", "base"],
    produces: ["Model", "output"],
    image: ["Image", "uses"],
    hardware: ["Hardware", "uses"],
  },
  Service: {
    vendor: ["Vendor", "supplied"],
    dependsOn: ["Service", "uses"],
    models: ["Model", "uses"],
    alternatives: ["Service", "alternative"],
  },
  System: { components: ["Model", "part"] },
  Vendor: {
    parent: ["Vendor", "owned"],
    suppliers: ["Vendor", "supplied"],
    alternatives: ["Vendor", "alternative"],
  },
};

/** The assets that a document refers to, each relation once, in the document's order. */
export function referencesOf(document: Document): Reference[] {
  const spec = document.spec as Record<string, unknown>;
  const found: Reference[] = [];
  for (const [field, [kind, relation]] of Object.entries(FIELDS[document.kind] ?? {})) {
    for (const text of [spec[field]].flat()) {
      if (typeof text === "string") found.push({ ...parseReference(text, kind), relation });
    }
  }
  return unique([...found, ...nestedReferences(document.kind, spec)]);
}

function nestedReferences(kind: AssetKind, spec: Record<string, unknown>): Reference[] {
  if (kind === "Hardware") {
    const { manufacturer } = (spec.provenance ?? {}) as { manufacturer?: string };
    return manufacturer === undefined
      ? []
      : [{ ...parseReference(manufacturer, "Vendor"), relation: "supplied" }];
  }
  if (kind !== "Vendor") return [];
  const licences = (spec.licences ?? []) as { covers?: string[] }[];
  const covered = licences.flatMap(({ covers }) => covers ?? []);
  return covered.map((text) => ({ ...parseReference(text, "Model"), relation: "covers" }));
}

/** `Kind:name`, or a bare name, which means the kind that its field is for. */
export function parseReference(text: string, kind: AssetKind): { kind: AssetKind; name: string } {
  return text.includes(":") ? parseAssetName(text) : { kind, name: text };
}

function unique(references: Reference[]): Reference[] {
  const seen = new Map(references.map((one) => [`${one.relation} ${one.kind}:${one.name}`, one]));
  return [...seen.values()];
}
