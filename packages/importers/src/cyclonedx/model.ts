import type { Document } from "@countersign/inventory";
import { cleanUri } from "../clean.js";
import { basesOf, cut, documentOf, references } from "../document.js";
import { type Loose, optional, record, records, text, texts } from "../value.js";
import { dataNames } from "./data.js";
import type { Part, Parts } from "./parts.js";

/** A machine-learning-model component with its model card (CycloneDX 1.5 on). */
export function modelDocument(source: string, parts: Parts, part: Part): Document {
  const { component, name } = part;
  const card = record(component.modelCard);
  const parameters = record(card.modelParameters);
  const considerations = record(card.considerations);
  const bases = baseModels(parts, part);
  const datasets = references([
    ...dataNames(parts, part),
    ...parts.usedBy(part, "Dataset").map((used) => used.name),
  ]);
  const shared = parts.shared(part);
  return documentOf("Model", source, {
    name,
    ...shared,
    labels: {
      ...shared.labels,
      "cyclonedx/architecture": text(parameters.modelArchitecture) ?? text(parameters.architectureFamily),
      "cyclonedx/approach": text(record(parameters.approach).type),
    },
    spec: {
      ...optional("task", shorter(text(parameters.task), 128)),
      ...optional("vendor", parts.vendorOf(part)),
      ...optional("origin", shorter(externalReference(component), 512)),
      ...optional("baseModel", basesOf(bases)),
      ...(datasets.length === 0 ? {} : { datasets }),
      ...optional("intendedUse", joined(considerations.useCases)),
      ...optional("limitations", joined(considerations.technicalLimitations)),
    },
  });
}

/** What it was made from: the ancestors of its pedigree, then the models that it depends on. */
function baseModels(parts: Parts, part: Part): string[] {
  const ancestors = records(record(part.component.pedigree).ancestors).flatMap((ancestor) => {
    const name = text(ancestor.name);
    if (name === undefined) return [];
    const group = text(ancestor.group);
    return [group === undefined ? name : `${group}/${name}`];
  });
  const used = parts.usedBy(part, "Model").map(({ name }) => name);
  return [...new Set([...ancestors, ...used])].filter((name) => name !== part.name);
}

const WANTED = ["distribution", "source-distribution", "vcs", "website"];

function externalReference(component: Loose): string | undefined {
  const all = records(component.externalReferences);
  const [best] = WANTED.flatMap((type) => all.filter((reference) => reference.type === type));
  return cleanUri(best?.url) ?? cleanUri(component.purl);
}

const shorter = (value: string | undefined, length: number): string | undefined =>
  value === undefined ? undefined : cut(value, length);

function joined(value: unknown): string | undefined {
  const all = texts(value);
  return all.length === 0 ? undefined : cut(all.join("\n"), 4_096);
}
