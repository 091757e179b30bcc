export type { ChainHead } from "./chains.js";
export { emptyHead, extendHead } from "./chains.js";
export type { ChainRow, Entry } from "./fold.js";
export { checkChain, Fold, leafHash } from "./fold.js";
export type { HeldApproval, HeldFacts, HeldScan } from "./held.js";
export { holdFacts } from "./held.js";
export type { FactSource, JudgeContext, Judged, Status } from "./judge.js";
export { judgeEntry } from "./judge.js";
export type { Leaf } from "./leaf.js";
export { decodeLeaf, encodeLeaf, isWorkspaceId } from "./leaf.js";
export type { Opened } from "./open.js";
export { OpenCache, saidBy } from "./open.js";
export type { AssetKind, Outcome, Predicate } from "./predicate.js";
export {
  ASSET_KINDS,
  assetKey,
  assetName,
  outcomeOf,
  PREDICATE_TYPES,
  PREDICATES,
  parseAssetName,
  predicateOf,
  subjectsOf,
} from "./predicate.js";
export type { RootPin } from "./root-chain.js";
export { acceptRoot, trustInForce } from "./root-chain.js";
export type {
  ApprovalPredicate,
  AssetPredicate,
  ContainmentPredicate,
  DeclarationPredicate,
  DeploymentPredicate,
  LineagePredicate,
  ManifestPredicate,
  ProfilePredicate,
  PromotionPredicate,
  RevocationPredicate,
  ScanPredicate,
  ScanVerdict,
  TombstonePredicate,
} from "./statements.js";
export { shapeError } from "./statements.js";
export { supersede } from "./supersede.js";
export type { Permission, TrustedKey, TrustRoot, TrustRule } from "./trust.js";
export { parseTrustRoot, Trust } from "./trust.js";
