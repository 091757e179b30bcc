import { type Static, Type } from "typebox";
import { Millis, nullable, PageQuery, Problem, page, WorkspaceId } from "./common.js";
import { DecisionRecord } from "./decision.js";
import { ScanReport } from "./scan.js";
import { Manifest } from "./version.js";

export const JobKind = Type.Enum(["admit", "audit", "dataset", "example", "register"]);
export type JobKind = Static<typeof JobKind>;
export const JobState = Type.Enum(["queued", "running", "succeeded", "failed", "cancelled"]);
export type JobState = Static<typeof JobState>;

export const Job = Type.Object({
  id: Type.String(),
  workspace: Type.String(),
  kind: JobKind,
  state: JobState,
  /** What the work is about, for people: the name of the model. */
  title: Type.String(),
  progress: Type.Object({ step: Type.String(), done: Type.Number(), total: Type.Number() }),
  attempts: Type.Integer(),
  cancelRequested: Type.Boolean(),
  result: Type.Unknown({ description: "AdmitResult of `admit`, AuditReport of `audit`; null until done" }),
  error: nullable(Problem),
  createdAt: Millis,
  updatedAt: Millis,
});
export type Job = Static<typeof Job>;

export const JobPage = page(Job);
export const JobParams = Type.Object({ workspace: WorkspaceId, id: Type.String({ format: "uuid" }) });
export const JobQuery = Type.Object({ ...PageQuery.properties, state: Type.Optional(JobState) });
export type JobQuery = Static<typeof JobQuery>;

export const AdmitResult = Type.Object({
  name: Type.String(),
  artifact: DecisionRecord.properties.artifact,
  manifest: Manifest,
  scan: ScanReport,
  warnings: Type.Optional(Type.Array(Type.String(), { description: "what contradicts the declaration" })),
  signed: Type.Boolean(),
  decision: DecisionRecord,
});
export type AdmitResult = Static<typeof AdmitResult>;
