import { type Static, Type } from "typebox";
import { AssetName, Digest, Millis, nullable, PageQuery, page, WorkspaceId } from "./common.js";
import { EntryStatus } from "./entry.js";
import { VersionSummary } from "./version.js";

export const AssetKind = Type.Enum([
  "Code",
  "Dataset",
  "Endpoint",
  "Hardware",
  "Image",
  "Model",
  "Prompt",
  "Run",
  "Service",
  "System",
  "Vendor",
]);
export type AssetKind = Static<typeof AssetKind>;

/** A document of the inventory. What `spec` holds depends on the kind: see `/schemas/<kind>.json`. */
export const AssetDocument = Type.Object({
  apiVersion: Type.Literal("countersign.dev/v1"),
  kind: AssetKind,
  metadata: Type.Object({
    name: AssetName,
    title: Type.Optional(Type.String()),
    description: Type.Optional(Type.String()),
    owner: Type.Optional(Type.String()),
    labels: Type.Optional(Type.Record(Type.String(), Type.String())),
    tags: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  }),
  spec: Type.Record(Type.String(), Type.Unknown()),
});
export type AssetDocument = Static<typeof AssetDocument>;

/** What one document says of another asset, seen from either side. */
export const AssetReference = Type.Object({
  kind: AssetKind,
  name: Type.String(),
  relation: Type.String({ description: "part, serves, uses, base, input, derived, output, supplied, ..." }),
  known: Type.Boolean({ description: "false: nothing of that name is declared or admitted" }),
});
export type AssetReference = Static<typeof AssetReference>;

export const AssetSummary = Type.Object({
  kind: AssetKind,
  name: Type.String(),
  title: Type.String(),
  owner: Type.String(),
  tags: Type.Record(Type.String(), Type.String()),
  declared: Type.Boolean({
    description: "false: versions were admitted, and no document says what they are",
  }),
  updatedAt: Millis,
  index: Type.Integer({ description: "entry of the log that last changed it" }),
  versions: Type.Integer(),
  dangling: Type.Integer({ description: "references that lead nowhere" }),
});
export type AssetSummary = Static<typeof AssetSummary>;
export const AssetPage = page(AssetSummary);

const filter = {
  query: Type.Optional(
    Type.String({
      maxLength: 256,
      description: "beginnings of words of name, title, owner, labels; or a digest",
    }),
  ),
  kind: Type.Optional(AssetKind),
  tag: Type.Optional(
    Type.String({ maxLength: 512, description: "`sensitivity=restricted`; several with commas between" }),
  ),
  owner: Type.Optional(Type.String({ maxLength: 128 })),
  declared: Type.Optional(Type.Boolean()),
};
export const AssetFilter = Type.Object(filter, { additionalProperties: false });
export type AssetFilter = Static<typeof AssetFilter>;
export const AssetQuery = Type.Object({ ...filter, ...PageQuery.properties });
export type AssetQuery = Static<typeof AssetQuery>;

/** One difference: where (a JSON pointer), and what stood or stands there; absent where nothing does. */
export const AssetChange = Type.Object({
  path: Type.String(),
  before: Type.Optional(Type.Unknown()),
  after: Type.Optional(Type.Unknown()),
});
export type AssetChange = Static<typeof AssetChange>;

export const AssetHistory = Type.Object({
  index: Type.Integer(),
  at: Millis,
  principal: Type.String(),
  envelope: Digest,
  status: EntryStatus,
  action: Type.Enum(["created", "updated", "deleted"]),
  changes: Type.Array(AssetChange),
});
export type AssetHistory = Static<typeof AssetHistory>;

const SanctionState = Type.Object({
  status: Type.Enum(["clear", "under-review", "listed", "unknown"]),
  list: Type.String(),
  from: Type.String(),
  until: Type.String(),
});

/** A vendor that an asset rests on, however far down. */
export const AssetSupplier = Type.Object({
  name: Type.String(),
  declared: Type.Boolean(),
  country: Type.String(),
  sanctions: SanctionState,
  single: Type.Boolean({ description: "no alternative is declared that does without it" }),
});
export type AssetSupplier = Static<typeof AssetSupplier>;

/** A licence of a vendor's document that covers an asset. */
export const AssetLicence = Type.Object({
  vendor: Type.String(),
  id: Type.String(),
  uses: Type.Array(Type.String()),
  forbids: Type.Array(Type.String()),
  regions: Type.Array(Type.String(), { description: "empty: everywhere" }),
  customers: Type.Array(Type.String(), { description: "empty: everyone" }),
  from: Type.String(),
  until: Type.String(),
  inForce: Type.Boolean({ description: "whether it holds today" }),
});
export type AssetLicence = Static<typeof AssetLicence>;

export const AssetNotice = Type.Object({ level: Type.Enum(["warning", "remark"]), text: Type.String() });
export type AssetNotice = Static<typeof AssetNotice>;

export const AssetDetail = Type.Object({
  ...AssetSummary.properties,
  document: nullable(AssetDocument),
  yaml: Type.String({ description: "the document as `countersign export` writes it" }),
  digest: nullable(Digest),
  principal: Type.String({ description: "who applied it last" }),
  history: Type.Array(AssetHistory, { description: "newest first, at most 50" }),
  newest: Type.Array(VersionSummary, { description: "newest first, at most 10, with the newest decisions" }),
  references: Type.Object({ out: Type.Array(AssetReference), in: Type.Array(AssetReference) }),
  cycle: Type.Array(Type.String(), {
    description: "a way from this asset back to itself; empty without one",
  }),
  suppliers: Type.Array(AssetSupplier),
  licences: Type.Array(AssetLicence, { description: "that vendors' documents say cover it" }),
  notices: Type.Array(AssetNotice, { description: "what somebody should look at, as of today" }),
});
export type AssetDetail = Static<typeof AssetDetail>;

export const AssetParams = Type.Object({ workspace: WorkspaceId, kind: AssetKind, name: AssetName });

export const ApplyBody = Type.Object(
  {
    documents: Type.Optional(Type.Array(Type.Unknown(), { maxItems: 1_000 })),
    text: Type.Optional(Type.String({ maxLength: 4_194_304, description: "YAML or JSON instead" })),
    dryRun: Type.Optional(Type.Boolean({ description: "say what would change, and change nothing" })),
  },
  { additionalProperties: false },
);
export type ApplyBody = Static<typeof ApplyBody>;

const ApplyAction = Type.Enum(["created", "updated", "unchanged", "deleted"]);
export const ApplyResult = Type.Object({
  kind: AssetKind,
  name: Type.String(),
  action: ApplyAction,
  changes: Type.Array(AssetChange),
  index: Type.Optional(Type.Integer({ description: "entry of the log that recorded it" })),
  dangling: Type.Array(AssetReference),
  declared: Type.Integer({ description: "versions that were given other tags" }),
});
export type ApplyResult = Static<typeof ApplyResult>;

export const ApplyAnswer = Type.Object({
  results: Type.Array(ApplyResult),
  cycles: Type.Array(Type.Array(Type.String()), {
    description: "assets that refer to each other in a circle",
  }),
});
export type ApplyAnswer = Static<typeof ApplyAnswer>;

export const AssetExport = page(AssetDocument);
export const ExportQuery = Type.Object({
  kind: Type.Optional(AssetKind),
  cursor: Type.Optional(Type.String({ maxLength: 1_024 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000 })),
});
export type ExportQuery = Static<typeof ExportQuery>;

/** What would stop, or lose a source, if one supplier were gone. */
export const SupplierConcentration = Type.Object({
  name: Type.String(),
  declared: Type.Boolean(),
  country: Type.String(),
  sanctions: SanctionState,
  direct: Type.Integer({ description: "assets that name it" }),
  dependants: Type.Integer({ description: "assets that rest on it, however far up" }),
  single: Type.Integer({ description: "of these, those for which no alternative is declared" }),
  share: Type.Number({ description: "dependants among all assets that are no vendors, 0 to 1" }),
  kinds: Type.Record(Type.String(), Type.Integer(), { description: "dependants of each kind" }),
  examples: Type.Array(Type.String(), {
    description: "single-sourced assets as Kind:name; systems first, at most 20",
  }),
});
export type SupplierConcentration = Static<typeof SupplierConcentration>;

export const Concentration = Type.Object({
  at: Millis,
  assets: Type.Integer({ description: "assets that are no vendors" }),
  unsupplied: Type.Integer({ description: "of these, those that name no supplier anywhere below" }),
  suppliers: Type.Array(SupplierConcentration, { description: "most single-sourced first, at most 200" }),
});
export type Concentration = Static<typeof Concentration>;

export const SavedFilter = Type.Object({
  id: Type.String(),
  name: Type.String(),
  filter: AssetFilter,
  createdAt: Millis,
});
export type SavedFilter = Static<typeof SavedFilter>;
export const SavedFilterList = Type.Object({ items: Type.Array(SavedFilter) });
export const SavedFilterBody = Type.Object(
  { name: Type.String({ pattern: "^[^\\u0000-\\u001f\\u007f-\\u009f]{1,128}$" }), filter: AssetFilter },
  { additionalProperties: false },
);
export type SavedFilterBody = Static<typeof SavedFilterBody>;
export const SavedFilterParams = Type.Object({ workspace: WorkspaceId, id: Type.String({ format: "uuid" }) });

export const AssetSchemas = Type.Object({
  items: Type.Array(
    Type.Object({ kind: AssetKind, url: Type.String(), schema: Type.Record(Type.String(), Type.Unknown()) }),
  ),
});
export type AssetSchemas = Static<typeof AssetSchemas>;
