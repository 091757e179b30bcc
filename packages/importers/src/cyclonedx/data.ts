import type { Document, Tags } from "@countersign/inventory";
import { cleanUri } from "../clean.js";
import { documentOf, references } from "../document.js";
import { type Loose, optional, record, records, text, texts } from "../value.js";
import type { Part, Parts } from "./parts.js";

/** A component of type data. */
export function datasetDocument(source: string, parts: Parts, part: Part): Document {
  const shared = parts.shared(part);
  const data = records(part.component.data);
  const derived = references(parts.usedBy(part, "Dataset").map(({ name }) => name));
  return documentOf("Dataset", source, {
    name: part.name,
    ...shared,
    tags: { ...shared.tags, ...dataTags(data) },
    spec: {
      ...optional("vendor", parts.vendorOf(part)),
      ...optional(
        "source",
        data.map(location).find((at) => at !== undefined),
      ),
      ...(derived.length === 0 ? {} : { derivedFrom: derived }),
    },
  });
}

/** Names of the datasets of a model card: by reference to a component, or described in place. */
export function dataNames(parts: Parts, { component }: Part): string[] {
  return cardData(component).flatMap((data) => {
    const ref = text(data.ref);
    const named = ref === undefined ? text(data.name) : (parts.byRef(ref)?.name ?? ref);
    return named === undefined ? [] : [named];
  });
}

/** Documents for the datasets that a model card describes in place. */
export function inlineData(source: string, { component }: Part): Document[] {
  return cardData(component).flatMap((data) => {
    const name = text(data.name);
    if (name === undefined || text(data.ref) !== undefined) return [];
    return [
      documentOf("Dataset", source, {
        name,
        description: text(data.description),
        tags: dataTags([data]),
        spec: optional("source", location(data)),
      }),
    ];
  });
}

function cardData(component: Loose): Loose[] {
  return records(record(record(component.modelCard).modelParameters).datasets).slice(0, 1_000);
}

const location = (data: Loose): string | undefined => cleanUri(record(data.contents).url);

const SENSITIVITY: Record<string, NonNullable<Tags["sensitivity"]>> = {
  public: "public",
  internal: "internal",
  confidential: "confidential",
  restricted: "restricted",
  secret: "restricted",
};
const PERSONAL = /\b(pii|phi|personal|name|e-?mail|address|birth|patient|health|biometric|ssn|passport)\b/i;

function dataTags(data: readonly Loose[]): Tags {
  const said = data.map(({ classification }) => (text(classification) ?? "").toLowerCase());
  const sensitivity = said
    .map((word) => (Object.hasOwn(SENSITIVITY, word) ? SENSITIVITY[word] : undefined))
    .find(Boolean);
  const personal = data.some(({ sensitiveData }) =>
    texts(sensitiveData).some((words) => PERSONAL.test(words)),
  );
  return { ...optional("sensitivity", sensitivity), ...(personal ? { personalData: true } : {}) };
}
