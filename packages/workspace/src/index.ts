export type {
  AdmitInput,
  AdmitResult,
  AuditReport,
  DecisionRecord,
  EntryStatus,
  EntryView,
  GateInput,
  Promotion,
  PromoteResult,
  SubmittedAttestation,
  VersionDetail,
  VersionSummary,
} from "./types.js";
