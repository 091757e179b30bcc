export { evaluate } from "./evaluate.js";
export { engineVersion, loadPolicies, type Policy, type PolicySet } from "./load.js";
export { SCHEMA, STARTER_POLICIES } from "./schema.js";
export { type PolicyTestReport, type PolicyTestResult, runPolicyTests } from "./tests.js";
export {
  type Approval,
  type Decision,
  type DecisionReason,
  type EligibleApprover,
  ENGINE_REASONS,
  type EngineReason,
  type FactsInput,
  GATES,
  type Gate,
  type GateRequest,
  type Outcome,
  type ScanFacts,
  type ScanVerdict,
  VERDICTS,
} from "./types.js";
