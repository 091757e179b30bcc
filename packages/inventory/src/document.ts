import type { AssetKind } from "@countersign/facts";
import type { Metadata } from "./schema/common.js";
import type { CodeSpec, DatasetSpec, ModelSpec, PromptSpec, RunSpec } from "./schema/making.js";
import type { EndpointSpec, ImageSpec, ServiceSpec, SystemSpec } from "./schema/serving.js";
import type { HardwareSpec, VendorSpec } from "./schema/supply.js";

export const API_VERSION = "countersign.dev/v1";

/** What each kind's `spec` holds. */
export interface Specs {
  Code: CodeSpec;
  Dataset: DatasetSpec;
  Endpoint: EndpointSpec;
  Hardware: HardwareSpec;
  Image: ImageSpec;
  Model: ModelSpec;
  Prompt: PromptSpec;
  Run: RunSpec;
  Service: ServiceSpec;
  System: SystemSpec;
  Vendor: VendorSpec;
}

/** One asset as it is written down; shaped like Backstage's and Kubernetes' documents. */
export interface Document<K extends AssetKind = AssetKind> {
  apiVersion: typeof API_VERSION;
  kind: K;
  metadata: Metadata;
  spec: Specs[K];
}

/** Tells a document of one kind from the others, for its `spec`. */
export const isKind = <K extends AssetKind>(document: Document, kind: K): document is Document<K> =>
  document.kind === kind;
