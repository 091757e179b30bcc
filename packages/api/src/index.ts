export {
  ApplyAnswer,
  ApplyBody,
  ApplyResult,
  AssetChange,
  AssetDetail,
  AssetDocument,
  AssetFilter,
  AssetHistory,
  AssetKind,
  AssetLicence,
  AssetNotice,
  AssetQuery,
  AssetReference,
  AssetSchemas,
  AssetSummary,
  AssetSupplier,
  Concentration,
  ExportQuery,
  SavedFilter,
  SavedFilterBody,
  SupplierConcentration,
} from "./asset.js";
export { CheatBody, CheatResult, Experiment } from "./cheat.js";
export type { DatasetInput } from "./client/datasets.js";
export { type Client, createClient } from "./client.js";
export {
  AssetName,
  Digest,
  Environment,
  Gate,
  type Page,
  PageQuery,
  Problem,
  Subject,
  WorkspaceParams,
} from "./common.js";
export {
  Containment,
  ContainmentBody,
  ContainmentQuery,
  ContainmentResult,
  Deployment,
  DeploymentBody,
  DeploymentQuery,
  LiftBody,
} from "./containment.js";
export {
  DatasetAccess,
  DatasetAdmitResult,
  DatasetColumn,
  DatasetDeletion,
  DatasetDeletionResult,
  DatasetDetail,
  DatasetPlace,
  DatasetProfile,
  DatasetQuery,
  DatasetReferenceBody,
  DatasetRollbackResult,
  DatasetSummary,
  DatasetTable,
  DatasetVersion,
  DatasetVersionDetail,
} from "./dataset.js";
export { DecisionOutcome, DecisionRecord, EvidenceFile, GateBody, Reason } from "./decision.js";
export { EntryStatus, EntryView } from "./entry.js";
export { ApiError, problemFrom } from "./error.js";
export { EventKind, WorkspaceEvent } from "./event.js";
export {
  ColumnFlow,
  ContainmentPlan,
  Graph,
  GraphEdge,
  GraphNode,
  GraphQuery,
  NodeType,
  PlanAlias,
  PlanDeployment,
  PlanVersion,
  Relation,
  Trace,
  TraceNode,
  TraceQuery,
} from "./graph.js";
export { AdmitResult, Job, JobKind, JobQuery, JobState } from "./job.js";
export {
  AuditReport,
  Consistency,
  Leaf,
  LogEntries,
  LogEntry,
  LogEntryDetail,
  LogRangeQuery,
} from "./log.js";
export { LineageEvent, LineageEventQuery, LineageEventsBody, LineageEventsResult } from "./openlineage.js";
export { LogState, Overview, VersionCard } from "./overview.js";
export { PolicyRule, PolicyView } from "./policy.js";
export { PromoteBody, PromoteResult, Promotion } from "./promotion.js";
export {
  type BodyOf,
  fillPath,
  type Method,
  type ParamsOf,
  type QueryOf,
  type ResponseOf,
  type Route,
} from "./route.js";
export { routes, streams } from "./routes.js";
export {
  ExperimentQuery,
  MetricCurve,
  MetricSummary,
  MetricValue,
  RunArtifact,
  RunArtifactQuery,
  RunDetail,
  RunInput,
  RunQuery,
  RunSummary,
  TrackedExperiment,
} from "./run.js";
export { FileReport, Finding, ScanReport, Verdict } from "./scan.js";
export { LoginBody, NewToken, Readiness, Scope, Session, Token, TokenBody } from "./session.js";
export { readSse, type SseMessage } from "./sse.js";
export {
  ApprovalTemplateBody,
  AttestationBody,
  DeclarationBody,
  Envelope,
  RevocationBody,
  Statement,
  WithdrawalBody,
} from "./statement.js";
export type { CallOptions, ClientOptions } from "./transport.js";
export { TrustRootView } from "./trust.js";
export { type UploadFile, type UploadInput, type UploadOptions, uploadForm } from "./upload.js";
export { Facts, Manifest, ManifestFile, VersionDetail, VersionQuery, VersionSummary } from "./version.js";
export type { WaitOptions, WatchOptions } from "./watch.js";
