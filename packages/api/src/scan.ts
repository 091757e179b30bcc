import { type Static, Type } from "typebox";

export const Verdict = Type.Enum(["clean", "suspicious", "malicious", "incomplete"]);
export type Verdict = Static<typeof Verdict>;

const Severity = Type.Enum(["info", "low", "medium", "high", "critical"]);

export const Finding = Type.Object({
  rule: Type.String(),
  severity: Severity,
  message: Type.String(),
  consequence: Type.String({ description: "what happens if the file is loaded" }),
  location: Type.Object({
    file: Type.Optional(Type.String()),
    member: Type.Optional(Type.String()),
    offset: Type.Optional(Type.Number()),
  }),
  remedy: Type.String(),
  references: Type.Array(Type.String()),
});
export type Finding = Static<typeof Finding>;

export const FileReport = Type.Object({
  path: Type.String(),
  sha256: Type.String(),
  size: Type.Number(),
  format: Type.String(),
  verdict: Verdict,
  findings: Type.Array(Finding),
});
export type FileReport = Static<typeof FileReport>;

const LicenceClaim = Type.Object({
  licence: Type.String({ description: "SPDX identifier, or LicenseRef- and a name" }),
  source: Type.Enum(["card", "text", "metadata"]),
  file: Type.String(),
  member: Type.Optional(Type.String()),
});

const ModelFacts = Type.Object({
  licence: Type.Optional(Type.String({ description: "the licence on which all files agree" })),
  licences: Type.Array(LicenceClaim),
  card: Type.Optional(Type.Object({ file: Type.String(), missing: Type.Array(Type.String()) })),
});

export const ScanReport = Type.Object({
  files: Type.Array(FileReport),
  model: Type.Optional(ModelFacts),
  verdict: Verdict,
  scanner: Type.Object({ name: Type.String(), rules: Type.String() }),
});
export type ScanReport = Static<typeof ScanReport>;
