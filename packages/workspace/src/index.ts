export type { AdmitHooks } from "./admit.js";
export type { AssetState } from "./assets.js";
export type { DecisionPredicate } from "./decision.js";
export type { EvidenceEntry, EvidenceFile } from "./evidence.js";
export { Keyring } from "./keyring.js";
export { FORMAT, layoutOf } from "./layout.js";
export type { OpenOptions, WitnessConfig } from "./open.js";
export { openWorkspace } from "./open.js";
export type { ProjectedEntry, Projection } from "./projection.js";
export { memoryProjection } from "./projection.js";
export type { Pin } from "./setup.js";
export { readPin, setUp, trustRootStatement } from "./setup.js";
export { revocationStatement } from "./submit.js";
export type { TrustChange } from "./trust-change.js";
export { nextTrustRoot } from "./trust-change.js";
export type {
  AdmitInput,
  AdmitResult,
  AuditReport,
  DecisionRecord,
  EntryStatus,
  EntryView,
  GateInput,
  PromoteResult,
  Promotion,
  VersionDetail,
  VersionSummary,
} from "./types.js";
export { Workspace } from "./workspace.js";
