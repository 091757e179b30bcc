export { decodeBase64, encodeBase64 } from "./base64.js";
export {
  type BuildOptions,
  type BuiltManifest,
  buildManifest,
  type Progress,
  type ReadOptions,
} from "./build.js";
export { type FileHashCache, type HashCache, openHashCache } from "./cache.js";
export { type Digest, digestBytes, digestHex, isDigest, parseDigest, sha256 } from "./digest.js";
export {
  checkEnvelope,
  decodeEnvelope,
  type Envelope,
  type EnvelopeSignature,
  encodeEnvelope,
  PAYLOAD_TYPE,
  pae,
  signPayload,
  signStatement,
  type VerifiedEnvelope,
  verifyEnvelope,
} from "./dsse.js";
export {
  CountersignError,
  ERROR_TABLE,
  type ErrorCode,
  type ErrorEntry,
  fileFault,
  isErrorCode,
  type Refusal,
  refuse,
} from "./errors.js";
export { canonicalJson, isRecord, type JsonLimits, parseJson } from "./json.js";
export {
  type LoadOptions,
  loadKeyFile,
  type RotateOptions,
  type Rotation,
  rotateKeyFile,
  writeKeyFile,
} from "./keyfile.js";
export {
  generateKey,
  type KeyAlgorithm,
  type KeyPair,
  type PublicKey,
  parsePublicKey,
  verifySignature,
} from "./keys.js";
export { removeLeftover } from "./leftover.js";
export {
  checkManifest,
  isRelativeName,
  type Manifest,
  type ManifestFile,
  manifestDigest,
} from "./manifest.js";
export { type OmsBundle, parseOmsBundle } from "./oms/bundle.js";
export { type Compared, type CompareOptions, compareModel } from "./oms/compare.js";
export {
  DEFAULT_SHARD_SIZE,
  type SignedModel,
  type SigningCertificates,
  type SignModelOptions,
  signModel,
  signOmsStatement,
} from "./oms/sign.js";
export {
  checkOmsStatement,
  makeOmsStatement,
  OMS_PREDICATE_TYPE,
  type OmsHash,
  type OmsPredicate,
  type OmsResource,
  type OmsSerialization,
  omsStatementMatches,
  omsStatementOf,
} from "./oms/statement.js";
export {
  type OmsSigner,
  type OmsTrust,
  type VerifiedBundle,
  type VerifiedModel,
  type VerifyModelOptions,
  verifyModel,
  verifyOmsBundle,
} from "./oms/verify.js";
export { byCodePoint } from "./order.js";
export { auditedSigner, type KeyUse, keySigner, type Signer } from "./signer.js";
export { verifySigstoreBundle } from "./sigstore/offline.js";
export type { SigstoreIdentity, VerifiedSigstore, VerifyBundleOptions } from "./sigstore/verify.js";
export { checkStatement, makeStatement, STATEMENT_TYPE, type Statement, type Subject } from "./statement.js";
