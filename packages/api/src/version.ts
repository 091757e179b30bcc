import { type Static, Type } from "typebox";
import { Digest, Millis, nullable, PageQuery, page, Subject, WorkspaceId } from "./common.js";
import { DecisionRecord } from "./decision.js";
import { EntryView } from "./entry.js";
import { ScanReport } from "./scan.js";

export const ManifestFile = Type.Object({ name: Type.String(), digest: Digest, size: Type.Number() });
export type ManifestFile = Static<typeof ManifestFile>;
export const Manifest = Type.Object({ files: Type.Array(ManifestFile) });
export type Manifest = Static<typeof Manifest>;

export const VersionSummary = Type.Object({
  name: Type.String(),
  artifact: Digest,
  index: Type.Integer(),
  at: Millis,
  decisions: Type.Array(DecisionRecord, { description: "the newest for each gate and environment" }),
  environments: Type.Array(Type.String(), { description: "where it was promoted to" }),
});
export type VersionSummary = Static<typeof VersionSummary>;

/** What a policy reads: held facts, complete, with no attribute silently absent. */
export const Facts = Type.Object({
  artifact: Type.Object({
    digest: Type.String(),
    name: Type.String(),
    files: Type.Number(),
    formats: Type.Array(Type.String()),
  }),
  scan: Type.Object({
    present: Type.Boolean(),
    verdict: Type.Enum(["clean", "suspicious", "malicious", "incomplete", "none"]),
    filesUnscanned: Type.Number(),
    expired: Type.Boolean(),
    producers: Type.Array(Type.String()),
    findings: Type.Array(Type.String()),
  }),
  signature: Type.Object({ present: Type.Boolean(), signers: Type.Array(Type.String()) }),
  declaration: Type.Object({
    licence: Type.String(),
    origin: Type.String(),
    tags: Type.Record(Type.String(), Type.String()),
  }),
  authors: Type.Array(Type.String()),
  approvals: Type.Array(
    Type.Object({
      principal: Type.String(),
      action: Type.String(),
      environment: Type.String(),
      role: Type.String(),
    }),
  ),
  negatives: Type.Array(Type.String()),
});
export type Facts = Static<typeof Facts>;

export const VersionDetail = Type.Object({
  ...VersionSummary.properties,
  manifest: nullable(Manifest),
  facts: Facts,
  scan: nullable(ScanReport),
  entries: Type.Array(EntryView),
});
export type VersionDetail = Static<typeof VersionDetail>;

export const VersionPage = page(VersionSummary);
export const VersionQuery = Type.Object({
  ...PageQuery.properties,
  query: Type.Optional(Type.String({ maxLength: 256, description: "part of the name or of the digest" })),
});
export type VersionQuery = Static<typeof VersionQuery>;
export const VersionParams = Type.Object({ workspace: WorkspaceId, subject: Subject });
