import { type Static, Type } from "typebox";
import { Environment, Lifecycle, object, ref, refOrRefs, refs, Sha256, text, texts } from "./common.js";

// What models are made of and by: Model, Dataset, Run, Code, Prompt.

export const ModelSpec = object({
  task: Type.Optional(text("What it does, such as tabular-classification", 128)),
  framework: Type.Optional(text("What it is written with, such as scikit-learn", 128)),
  lifecycle: Type.Optional(Lifecycle),
  origin: Type.Optional(text("Where it comes from: in-house, a repository, a vendor's page", 512)),
  source: Type.Optional(text("Where its files are fetched from", 2_048)),
  vendor: Type.Optional(ref("Vendor")),
  baseModel: Type.Optional(refOrRefs("Model")),
  datasets: Type.Optional(refs("Dataset")),
  code: Type.Optional(ref("Code")),
  prompts: Type.Optional(refs("Prompt")),
  alternatives: Type.Optional(refs("Model")),
  aliases: Type.Optional(
    Type.Record(Type.String({ pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$" }), Environment, {
      maxProperties: 64,
      additionalProperties: false,
      description:
        "Which environment's gate an alias of the registry stands at, such as champion: production",
    }),
  ),
  intendedUse: Type.Optional(text("What it may be used for", 4_096)),
  limitations: Type.Optional(text("What it must not be used for", 4_096)),
});
export type ModelSpec = Static<typeof ModelSpec>;

const Column = object({
  name: text("The column's name", 256),
  type: Type.Optional(text("Its type, such as BIGINT", 64)),
  personalData: Type.Optional(Type.Boolean()),
});

const Train = object({
  unknownDigest: Type.Optional(
    Type.Enum(["refuse", "record"], {
      description:
        "What becomes of a run that reads it with a digest no admitted version has; refuse unless set",
    }),
  ),
  versions: Type.Optional(
    Type.Enum(["any", "current"], { description: "Which admitted versions a run may read; any unless set" }),
  ),
});

export const DatasetSpec = object({
  format: Type.Optional(text("Such as csv, parquet or jsonl", 64)),
  lifecycle: Type.Optional(Lifecycle),
  origin: Type.Optional(text("Where it comes from: in-house, a repository, a vendor's page", 512)),
  source: Type.Optional(text("Where its files are fetched from", 2_048)),
  vendor: Type.Optional(ref("Vendor")),
  derivedFrom: Type.Optional(refs("Dataset")),
  code: Type.Optional(ref("Code")),
  alternatives: Type.Optional(refs("Dataset")),
  purposes: Type.Optional(texts("What it may be used for")),
  columns: Type.Optional(Type.Array(Column, { maxItems: 10_000 })),
  subjectColumn: Type.Optional(text("The column that refers to a data subject", 256)),
  retentionDays: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 36_525, description: "Days after which a version is to be deleted" }),
  ),
  train: Type.Optional(Train),
});
export type DatasetSpec = Static<typeof DatasetSpec>;

export const RunSpec = object({
  experiment: Type.Optional(text("The experiment that it belongs to", 256)),
  code: Type.Optional(ref("Code")),
  commit: Type.Optional(text("The commit that ran", 64)),
  datasets: Type.Optional(refs("Dataset")),
  baseModel: Type.Optional(refOrRefs("Model")),
  produces: Type.Optional(refs("Model")),
  image: Type.Optional(ref("Image")),
  hardware: Type.Optional(refs("Hardware")),
});
export type RunSpec = Static<typeof RunSpec>;

export const CodeSpec = object({
  repository: Type.Optional(text("Where it is kept", 2_048)),
  commit: Type.Optional(text("A commit or tag", 128)),
  language: Type.Optional(text("Such as python", 64)),
  lifecycle: Type.Optional(Lifecycle),
  origin: Type.Optional(text("Where it comes from", 512)),
  vendor: Type.Optional(ref("Vendor")),
  dependsOn: Type.Optional(refs("Code")),
  models: Type.Optional(refs("Model")),
});
export type CodeSpec = Static<typeof CodeSpec>;

export const PromptSpec = object({
  template: Type.Optional(text("The prompt itself", 65_536)),
  digest: Type.Optional(Sha256),
  variables: Type.Optional(texts("What is filled in")),
  lifecycle: Type.Optional(Lifecycle),
  models: Type.Optional(refs("Model")),
});
export type PromptSpec = Static<typeof PromptSpec>;
