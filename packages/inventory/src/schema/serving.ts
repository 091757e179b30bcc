import { type Static, Type } from "typebox";
import {
  anyRefs,
  Environment,
  Lifecycle,
  object,
  Region,
  ref,
  refs,
  regions,
  Sha256,
  text,
} from "./common.js";

// What serves: Endpoint, Service, Image, System.

export const EndpointSpec = object({
  url: text("Where it is called", 2_048),
  models: Type.Optional(refs("Model")),
  environment: Environment,
  region: Type.Optional(Region),
  service: Type.Optional(ref("Service")),
  vendor: Type.Optional(ref("Vendor")),
  hardware: Type.Optional(refs("Hardware")),
  image: Type.Optional(ref("Image")),
  alternatives: Type.Optional(refs("Endpoint")),
  lifecycle: Type.Optional(Lifecycle),
});
export type EndpointSpec = Static<typeof EndpointSpec>;

export const ServiceSpec = object({
  url: Type.Optional(text("Where it is found", 2_048)),
  vendor: Type.Optional(ref("Vendor")),
  regions: Type.Optional(regions("Where it processes")),
  dependsOn: Type.Optional(anyRefs),
  models: Type.Optional(refs("Model")),
  alternatives: Type.Optional(refs("Service")),
  lifecycle: Type.Optional(Lifecycle),
});
export type ServiceSpec = Static<typeof ServiceSpec>;

export const ImageSpec = object({
  reference: text("As a container runtime pulls it, such as registry.example/team/app:1.4", 1_024),
  digest: Type.Optional(Sha256),
  base: Type.Optional(ref("Image")),
  contains: Type.Optional(anyRefs),
  vendor: Type.Optional(ref("Vendor")),
  origin: Type.Optional(text("Where it comes from", 512)),
  alternatives: Type.Optional(refs("Image")),
  lifecycle: Type.Optional(Lifecycle),
});
export type ImageSpec = Static<typeof ImageSpec>;

export const SystemSpec = object({
  components: anyRefs,
  purpose: Type.Optional(text("What it decides or does, and for whom", 4_096)),
  riskClass: Type.Optional(text("Such as high-risk under the EU AI Act", 128)),
  environment: Type.Optional(Environment),
  lifecycle: Type.Optional(Lifecycle),
});
export type SystemSpec = Static<typeof SystemSpec>;
