export { type KnownBad, markKnownBad, parseKnownBad } from "./content/known-bad.js";
export { sameLicence } from "./content/licence/identifiers.js";
export { USES, type Use } from "./content/licence/uses.js";
export { describeModel } from "./content/model.js";
export type { LicenceClaim, ModelCard, ModelFacts } from "./core/gathered.js";
export { DEFAULT_LIMITS, type Limits } from "./core/limits.js";
export {
  type AcceptedFinding,
  type FileReport,
  type Finding,
  type Location,
  type ScanReport,
  type Severity,
  type Verdict,
  worstVerdict,
} from "./core/report.js";
export type { Source } from "./core/source.js";
export {
  type Acceptance,
  applyBaseline,
  type Baseline,
  draftBaseline,
  idleAcceptances,
  parseBaseline,
} from "./output/baseline.js";
export { toCycloneDx } from "./output/cyclonedx.js";
export { decides, worstFirst } from "./output/finding.js";
export { toJunit } from "./output/junit.js";
export { toSarif } from "./output/sarif.js";
export { type ForkOptions, forkBeside } from "./path/fork.js";
export { excludes, isPattern, splitPattern } from "./path/glob.js";
export { type ScanOptions, scanPath } from "./path/scan-path.js";
export { temporarySpill } from "./path/spill.js";
export { unscanned } from "./path/unscanned.js";
export { referenceUrl, rulePageUrl } from "./references.js";
export type { Outcome, Rule } from "./rules/rule.js";
export { RULES, RULES_VERSION, type RuleId } from "./rules/rules.js";
