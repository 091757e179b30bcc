import { type Static, Type } from "typebox";
import { AssetName, Digest, Millis, nullable, PageQuery, page, WorkspaceId } from "./common.js";
import { DecisionRecord } from "./decision.js";
import { ManifestFile } from "./version.js";

export const DatasetColumn = Type.Object({
  name: Type.String(),
  type: Type.String(),
  nulls: Type.Integer(),
  distinct: Type.Optional(Type.Integer({ description: "estimated" })),
  personal: Type.Optional(Type.Boolean({ description: "may be about a person: no value is quoted" })),
  min: Type.Optional(Type.String()),
  max: Type.Optional(Type.String()),
  mean: Type.Optional(Type.Number()),
  quantiles: Type.Optional(
    Type.Array(Type.Number(), { description: "5, 25, 50, 75, 95 percent; estimated" }),
  ),
  nonFinite: Type.Optional(Type.Integer({ description: "NaN and infinities" })),
  top: Type.Optional(Type.Array(Type.Object({ value: Type.String(), count: Type.Integer() }))),
});
export type DatasetColumn = Static<typeof DatasetColumn>;

export const DatasetTable = Type.Object({
  name: Type.String(),
  format: Type.String(),
  files: Type.Integer(),
  rows: Type.Integer(),
  columns: Type.Array(DatasetColumn),
  problems: Type.Array(Type.String()),
});
export type DatasetTable = Static<typeof DatasetTable>;

export const DatasetProfile = Type.Object({
  rows: Type.Integer(),
  tables: Type.Array(DatasetTable),
  others: Type.Integer({ description: "files that are no tables" }),
  problems: Type.Array(Type.String()),
});
export type DatasetProfile = Static<typeof DatasetProfile>;

/** Closed sets are spelt as in the statements. */
const DatasetCause = Type.Enum(["admitted", "rolled-back", "rewritten"]);
export const DatasetPlace = Type.Object({
  kind: Type.Enum(["kept", "dropped", "path", "s3"]),
  location: Type.String({
    description: "where the bytes are; empty when this server keeps them or nobody does",
  }),
});

export const DatasetVersion = Type.Object({
  artifact: Digest,
  index: Type.Integer(),
  at: Millis,
  principal: Type.String({ description: "who admitted it" }),
  cause: DatasetCause,
  current: Type.Boolean(),
  files: Type.Integer(),
  bytes: Type.Number(),
  rows: nullable(Type.Integer()),
  contained: Type.Boolean(),
  removed: nullable(Type.Enum(["subject", "retention"])),
  mlflowDigests: Type.Array(Type.String()),
  place: DatasetPlace,
  derivedFrom: nullable(Digest),
  due: nullable(Millis),
});
export type DatasetVersion = Static<typeof DatasetVersion>;

export const DatasetAccess = Type.Object({
  at: Millis,
  kind: Type.Enum(["read", "admitted", "rolled-back", "rewritten", "removed"]),
  artifact: nullable(Digest),
  principal: Type.String(),
  run: nullable(Type.String()),
  via: Type.String({ description: "mlflow, openlineage, reported, log" }),
  outcome: Type.Enum(["known", "unknown", "refused"]),
  detail: Type.String(),
});
export type DatasetAccess = Static<typeof DatasetAccess>;

export const DatasetSummary = Type.Object({
  name: Type.String(),
  current: nullable(Digest),
  versions: Type.Integer(),
  rows: nullable(Type.Integer()),
  at: Millis,
  index: Type.Integer(),
});
export type DatasetSummary = Static<typeof DatasetSummary>;
export const DatasetPage = page(DatasetSummary);
export const DatasetQuery = Type.Object({
  ...PageQuery.properties,
  query: Type.Optional(Type.String({ maxLength: 256, description: "part of the name" })),
});
export type DatasetQuery = Static<typeof DatasetQuery>;

export const DatasetDetail = Type.Object({
  name: Type.String(),
  declared: Type.Boolean({ description: "a document of it is in the inventory" }),
  current: nullable(Digest),
  subjectColumn: nullable(Type.String()),
  retentionDays: nullable(Type.Integer()),
  train: Type.Object({
    unknownDigest: Type.Enum(["refuse", "record"]),
    versions: Type.Enum(["any", "current"]),
  }),
  versions: Type.Array(DatasetVersion, { description: "newest first" }),
  accesses: Type.Array(DatasetAccess, { description: "who read or changed it, newest first; at most 200" }),
});
export type DatasetDetail = Static<typeof DatasetDetail>;

export const DatasetVersionDetail = Type.Object({
  ...DatasetVersion.properties,
  name: Type.String(),
  manifest: Type.Object({ files: Type.Array(ManifestFile) }),
  profile: nullable(DatasetProfile),
  accesses: Type.Array(DatasetAccess),
});
export type DatasetVersionDetail = Static<typeof DatasetVersionDetail>;

export const DatasetParams = Type.Object({ workspace: WorkspaceId, name: AssetName });
export const DatasetVersionParams = Type.Object({ ...DatasetParams.properties, digest: Digest });

const MlflowDigests = Type.Array(Type.String({ pattern: "^[\\w.:+/=-]{1,100}$" }), {
  maxItems: 64,
  description: "digests by which MLflow clients name these bytes",
});

export const DatasetReferenceBody = Type.Object({
  name: AssetName,
  location: Type.String({
    minLength: 1,
    maxLength: 2_048,
    description: "s3://bucket/prefix, or a path on the server",
  }),
  licence: Type.Optional(Type.String({ maxLength: 1_024 })),
  origin: Type.Optional(Type.String({ maxLength: 1_024 })),
  mlflowDigests: Type.Optional(MlflowDigests),
  keep: Type.Optional(Type.Boolean({ description: "keep a copy here as well" })),
});
export type DatasetReferenceBody = Static<typeof DatasetReferenceBody>;

export const DatasetRollbackBody = Type.Object({ to: Digest });
export type DatasetRollbackBody = Static<typeof DatasetRollbackBody>;

export const DatasetRollbackResult = Type.Object({
  version: DatasetVersion,
  replaced: nullable(Digest),
  runs: Type.Array(Type.String(), { description: "runs that read the replaced version" }),
  models: Type.Array(Type.Object({ name: Type.String(), artifact: Digest })),
  deployments: Type.Array(Type.String()),
});
export type DatasetRollbackResult = Static<typeof DatasetRollbackResult>;

/** The reference is a secret of the data subject: it is used and not stored. */
export const DatasetDeletionBody = Type.Object({
  reference: Type.String({ minLength: 1, maxLength: 1_024, description: "the value in the subject column" }),
});
export type DatasetDeletionBody = Static<typeof DatasetDeletionBody>;

export const DatasetDeletion = Type.Object({
  at: Millis,
  index: Type.Integer(),
  reason: Type.Enum(["subject", "retention"]),
  reference: nullable(Type.String({ description: "keyed hash of the reference" })),
  artifact: Digest,
  replacedBy: nullable(Digest),
  rows: Type.Integer(),
  principal: Type.String(),
});
export type DatasetDeletion = Static<typeof DatasetDeletion>;
export const DatasetDeletionList = Type.Object({ items: Type.Array(DatasetDeletion) });

export const DatasetReadBody = Type.Object({
  artifact: Digest,
  run: Type.Optional(Type.String({ maxLength: 256 })),
  detail: Type.Optional(Type.String({ maxLength: 1_024 })),
});
export type DatasetReadBody = Static<typeof DatasetReadBody>;

/** What a job that admits a dataset comes to. */
export const DatasetAdmitResult = Type.Object({
  name: Type.String(),
  artifact: Digest,
  files: Type.Integer(),
  bytes: Type.Number(),
  profile: DatasetProfile,
  place: DatasetPlace,
  mlflowDigests: Type.Array(Type.String()),
  decision: DecisionRecord,
});
export type DatasetAdmitResult = Static<typeof DatasetAdmitResult>;

/** What a job that deletes a person's rows comes to. */
export const DatasetDeletionResult = Type.Object({
  name: Type.String(),
  reference: Type.String(),
  rows: Type.Integer(),
  removed: Type.Array(Digest),
  current: nullable(Digest),
  notHere: Type.Array(Digest, { description: "versions whose bytes are elsewhere: they were not searched" }),
  notSearched: Type.Array(Type.Object({ artifact: Digest, reason: Type.String() })),
});
export type DatasetDeletionResult = Static<typeof DatasetDeletionResult>;
