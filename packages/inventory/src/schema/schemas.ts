import type { AssetKind } from "@countersign/facts";
import { ASSET_KINDS } from "@countersign/facts";
import { type TSchema, Type } from "typebox";
import { API_VERSION } from "../document.js";
import { Metadata, object } from "./common.js";
import { CodeSpec, DatasetSpec, ModelSpec, PromptSpec, RunSpec } from "./making.js";
import { EndpointSpec, ImageSpec, ServiceSpec, SystemSpec } from "./serving.js";
import { HardwareSpec, VendorSpec } from "./supply.js";

const SPECS: Record<AssetKind, TSchema> = {
  Code: CodeSpec,
  Dataset: DatasetSpec,
  Endpoint: EndpointSpec,
  Hardware: HardwareSpec,
  Image: ImageSpec,
  Model: ModelSpec,
  Prompt: PromptSpec,
  Run: RunSpec,
  Service: ServiceSpec,
  System: SystemSpec,
  Vendor: VendorSpec,
};

const DIALECT = "http://json-schema.org/draft-07/schema#";
const HOME = "https://countersign.dev/schemas";

/** File name under which a schema is published; `asset.json` is the one for files that mix kinds. */
export const schemaFile = (kind: AssetKind): string => `${kind.toLowerCase()}.json`;

const documents = new Map(
  ASSET_KINDS.map((kind) => [
    kind,
    object(
      {
        apiVersion: Type.Literal(API_VERSION),
        kind: Type.Literal(kind),
        metadata: Metadata,
        spec: SPECS[kind],
      },
      `A ${kind} of the inventory`,
    ),
  ]),
);

/** What a document of this kind must look like. */
export function documentSchema(kind: AssetKind): TSchema {
  return documents.get(kind) as TSchema;
}

/** The JSON Schema of a kind's documents, as editors read it. */
export function schemaOf(kind: AssetKind): Record<string, unknown> {
  return {
    $schema: DIALECT,
    $id: `${HOME}/${schemaFile(kind)}`,
    title: `Countersign ${kind}`,
    ...plain(documentSchema(kind)),
  };
}

/** One schema for documents of all kinds: `kind` decides which applies, so that an editor's messages stay to the point. */
function schemaOfAll(): Record<string, unknown> {
  return {
    $schema: DIALECT,
    $id: `${HOME}/asset.json`,
    title: "Countersign asset",
    type: "object",
    required: ["apiVersion", "kind", "metadata", "spec"],
    properties: { apiVersion: { const: API_VERSION }, kind: { enum: [...ASSET_KINDS] } },
    allOf: ASSET_KINDS.map((kind) => ({
      if: { required: ["kind"], properties: { kind: { const: kind } } },
      // biome-ignore lint/suspicious/noThenProperty: JSON Schema's own word
      then: plain(documentSchema(kind)),
    })),
  };
}

/** Every published schema by its file name. */
export function schemaFiles(): ReadonlyMap<string, Record<string, unknown>> {
  return new Map([
    ...ASSET_KINDS.map((kind) => [schemaFile(kind), schemaOf(kind)] as const),
    ["asset.json", schemaOfAll()],
  ]);
}

const plain = (schema: TSchema): Record<string, unknown> => JSON.parse(JSON.stringify(schema));
