import type { Document } from "@countersign/inventory";
import { cleanUri } from "../clean.js";
import { cut, documentOf, references } from "../document.js";
import { batch, type Imported } from "../imported.js";
import { allowedName } from "../names.js";
import { text, texts } from "../value.js";
import { type Bom, readBom } from "./bom.js";
import { datasetDocument, inlineData } from "./data.js";
import { modelDocument } from "./model.js";
import { type Kind, kindOf, type Part, Parts } from "./parts.js";

export interface CycloneDxOptions {
  /** What the BOM's subject is called, where it does not say. */
  name?: string;
  /** Libraries, frameworks and files too, as Code. */
  all?: boolean;
}

const PER_BATCH = 200;

/** The models, data, images, devices, services and suppliers of a BOM, and what rests on what. */
export function* importCycloneDx(bytes: Uint8Array, options: CycloneDxOptions = {}): Generator<Imported> {
  const bom = readBom(bytes);
  const parts = new Parts(bom, options.all === true);
  const documents = documentsOf(bom, parts, options);
  const notes = [...bom.notes, ...parts.notes];
  const left = bom.components.filter(
    (component) => kindOf(component, options.all === true) === undefined,
  ).length;
  if (left > 0)
    notes.push(
      `${left} components are no model, data, image, device or service; --all takes libraries as Code`,
    );
  if (documents.length === 0) notes.push("the BOM names nothing that the inventory holds");
  for (let at = 0; at < Math.max(1, documents.length); at += PER_BATCH) {
    yield batch({ documents: documents.slice(at, at + PER_BATCH), notes: at === 0 ? notes : [] });
  }
}

function documentsOf(bom: Bom, parts: Parts, options: CycloneDxOptions): Document[] {
  const made = new Map<string, Document>();
  const add = (document: Document): void => {
    const key = `${document.kind}:${document.metadata.name}`;
    const earlier = made.get(key);
    made.set(key, earlier === undefined ? document : together(earlier, document));
  };
  for (const vendor of parts.vendors.values()) add(documentOf("Vendor", SOURCE, vendor));
  for (const part of parts.all) for (const document of partDocuments(parts, part)) add(document);
  const system = systemDocument(bom, parts, options.name);
  if (system !== undefined) add(system);
  return [...made.values()];
}

const SOURCE = "cyclonedx";

/** Two versions of one component are one asset; the label tells of both. */
function together(one: Document, other: Document): Document {
  const versions = [one, other].map(({ metadata }) => metadata.labels?.["cyclonedx/version"]);
  const version = [...new Set(versions.filter((label) => label !== undefined))].join(", ");
  const labels = { ...other.metadata.labels, ...one.metadata.labels };
  if (version !== "") labels["cyclonedx/version"] = cut(version, 256);
  return { ...one, metadata: { ...one.metadata, labels }, spec: { ...other.spec, ...one.spec } };
}

function partDocuments(parts: Parts, part: Part): Document[] {
  if (part.kind === "Model") return [modelDocument(SOURCE, parts, part), ...inlineData(SOURCE, part)];
  if (part.kind === "Dataset") return [datasetDocument(SOURCE, parts, part)];
  return [otherDocument(parts, part)];
}

function otherDocument(parts: Parts, part: Part): Document {
  const { component, name } = part;
  const vendor = parts.vendorOf(part);
  const supplied = vendor === undefined ? {} : { vendor };
  const shared = { name, ...parts.shared(part) };
  const used = (kind: Kind): string[] => references(parts.usedBy(part, kind).map((other) => other.name));
  switch (part.kind) {
    case "Image": {
      const contains = parts.usedBy(part, "Model").map((other) => `Model:${allowedName(other.name)}`);
      const reference = cut(
        text(component.purl) ?? [name, text(component.version)].filter(Boolean).join(":"),
        1_024,
      );
      return documentOf("Image", SOURCE, {
        ...shared,
        spec: {
          reference,
          ...supplied,
          ...(contains.length === 0 ? {} : { contains: [...new Set(contains)].slice(0, 1_000) }),
        },
      });
    }
    case "Hardware":
      return documentOf("Hardware", SOURCE, { ...shared, spec: { ...supplied } });
    case "Service": {
      const url = cleanUri(texts(component.endpoints)[0]);
      const models = used("Model");
      return documentOf("Service", SOURCE, {
        ...shared,
        spec: {
          ...supplied,
          ...(url === undefined ? {} : { url }),
          ...(models.length === 0 ? {} : { models }),
        },
      });
    }
    default: {
      const [models, dependsOn] = [used("Model"), used("Code")];
      return documentOf("Code", SOURCE, {
        ...shared,
        spec: {
          ...supplied,
          ...(models.length === 0 ? {} : { models }),
          ...(dependsOn.length === 0 ? {} : { dependsOn }),
        },
      });
    }
  }
}

/** What the BOM is about, when that is more than one model: a system made of its parts. */
function systemDocument(bom: Bom, parts: Parts, given: string | undefined): Document | undefined {
  const { subject } = bom;
  if (subject === undefined || kindOf(subject, false) !== undefined) return undefined;
  const components = [...new Set(parts.all.map(({ kind, name }) => `${kind}:${allowedName(name)}`))];
  if (components.length === 0) return undefined;
  return documentOf("System", SOURCE, {
    name: given ?? text(subject.name) ?? "",
    description: text(subject.description),
    labels: { "cyclonedx/serial": bom.serial, "cyclonedx/version": text(subject.version) },
    spec: { components: components.slice(0, 1_000) },
  });
}
