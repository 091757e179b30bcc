import type { Document } from "@countersign/inventory";
import { cleanUri } from "../clean.js";
import { cut, type Draft, type Labels } from "../document.js";
import { allowedName } from "../names.js";
import { type Loose, optional, record, records, text, texts } from "../value.js";
import type { Bom } from "./bom.js";
import { licenceOf } from "./licence.js";

export type Kind = Exclude<Document["kind"], "Endpoint" | "Prompt" | "Run" | "System" | "Vendor">;

const KINDS: Record<string, Kind> = {
  "machine-learning-model": "Model",
  data: "Dataset",
  container: "Image",
  device: "Hardware",
};
const LIBRARIES = new Set(["application", "framework", "library", "platform", "file"]);

export function kindOf(component: Loose, all: boolean): Kind | undefined {
  const type = text(component.type) ?? "";
  if (Object.hasOwn(KINDS, type)) return KINDS[type];
  return all && LIBRARIES.has(type) ? "Code" : undefined;
}

/** One component or service, under the name that its asset gets. */
export interface Part {
  kind: Kind;
  name: string;
  ref: string | undefined;
  component: Loose;
}

/** Whatever of a BOM becomes an asset, findable by its bom-ref. Dependencies are looked up, never followed: a circle is no danger. */
export class Parts {
  readonly all: Part[];
  readonly vendors: Map<string, Draft<"Vendor">> = new Map();
  readonly notes: string[] = [];
  readonly #byRef = new Map<string, Part>();
  readonly #dependsOn: Bom["dependsOn"];

  constructor(bom: Bom, all: boolean) {
    this.#dependsOn = bom.dependsOn;
    const subject =
      bom.subject !== undefined && kindOf(bom.subject, false) !== undefined ? [bom.subject] : [];
    const components = [...subject, ...bom.components].flatMap((component) =>
      partOf(component, kindOf(component, all)),
    );
    const services = bom.services.flatMap((service) => partOf(service, "Service"));
    this.all = [...components, ...services];
    for (const part of this.all) {
      this.#noteRef(part);
      this.vendorOf(part);
    }
  }

  #noteRef(part: Part): void {
    if (part.ref === undefined) return;
    if (this.#byRef.has(part.ref))
      this.notes.push(`the bom-ref ${part.ref} stands twice; the first is meant where it is used`);
    else this.#byRef.set(part.ref, part);
  }

  byRef(ref: string): Part | undefined {
    return this.#byRef.get(ref);
  }

  /** What a part depends on directly, of one kind, itself not among it. */
  usedBy(part: Part, kind: Kind): Part[] {
    const refs = part.ref === undefined ? [] : (this.#dependsOn.get(part.ref) ?? []);
    return refs.flatMap((ref) => {
      const other = this.#byRef.get(ref);
      return other === undefined || other.kind !== kind || other.name === part.name ? [] : [other];
    });
  }

  /** The reference to whoever supplied a part; persons are not taken over. */
  vendorOf({ component }: Part): string | undefined {
    const supplier = record(component.supplier ?? component.provider);
    const maker = record(component.manufacturer);
    const name = text(supplier.name) ?? text(maker.name) ?? text(component.publisher);
    if (name === undefined) return undefined;
    const website = cleanUri(texts(supplier.url ?? maker.url)[0]);
    if (!this.vendors.has(name)) this.vendors.set(name, { name, spec: optional("website", website) });
    return allowedName(name);
  }

  /** What documents of every kind say of a part. */
  shared({ component }: Part): Pick<Draft<"Model">, "description" | "labels" | "tags"> {
    return {
      description: text(component.description),
      labels: { ...identity(component), ...hashes(component) },
      tags: optional("licence", licenceOf(component)),
    };
  }
}

function partOf(component: Loose, kind: Kind | undefined): Part[] {
  const own = text(component.name);
  if (own === undefined || kind === undefined) return [];
  const group = text(component.group);
  return [
    { kind, component, name: group === undefined ? own : `${group}/${own}`, ref: text(component["bom-ref"]) },
  ];
}

function identity(component: Loose): Labels {
  return {
    "cyclonedx/version": text(component.version),
    "cyclonedx/purl": text(component.purl),
    "cyclonedx/cpe": text(component.cpe),
  };
}

function hashes(component: Loose): Labels {
  const known = records(component.hashes)
    .slice(0, 8)
    .flatMap(({ alg, content }) => {
      const [name, value] = [text(alg), text(content)];
      return name === undefined || value === undefined
        ? []
        : [[`cyclonedx/${name}`, cut(value, 256)] as const];
    });
  return Object.fromEntries(known);
}
