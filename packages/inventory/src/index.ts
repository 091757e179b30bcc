export { API_VERSION, type Document, isKind, type Specs } from "./document.js";
export { parseReference, type Reference, type Relation, referencesOf } from "./references.js";
export type { Metadata, Tags } from "./schema/common.js";
export type { CodeSpec, DatasetSpec, ModelSpec, PromptSpec, RunSpec } from "./schema/making.js";
export type { EndpointSpec, ImageSpec, ServiceSpec, SystemSpec } from "./schema/serving.js";
export type { Firmware, HardwareSpec, Licence, Sanction, VendorSpec } from "./schema/supply.js";
