import type { Digest, Manifest, Statement } from "@countersign/evidence";
import { CountersignError, checkManifest } from "@countersign/evidence";
import type { Predicate } from "./predicate.js";
import { predicateOf } from "./predicate.js";

/** Names the bytes: the list of files whose digest is the artifact's, and who brought it. */
export interface ManifestPredicate {
  manifest: Manifest;
  submitter: string;
  /** Makes a new admission of known bytes a new statement, not the repetition of an old one. */
  nonce?: string;
}

export type ScanVerdict = "clean" | "suspicious" | "malicious" | "incomplete";

export interface ScanPredicate {
  scanner: { name: string; rules: string };
  verdict: ScanVerdict;
  files: {
    path: string;
    sha256: string;
    format: string;
    verdict: ScanVerdict;
    findings: {
      rule: string;
      severity: string;
      message: string;
      location: object;
      remedy: string;
      references: string[];
    }[];
  }[];
  /** Milliseconds since the epoch; after it a clean scan no longer counts. A bad one always does. */
  validUntil: number;
}

export interface DeclarationPredicate {
  nonce?: string;
  licence?: string;
  origin?: string;
  tags?: Record<string, string>;
}

export interface ApprovalPredicate {
  /** Binds the approval to one workspace: the same key may be trusted in several. */
  workspace: string;
  action: string;
  environment: string;
  validUntil?: number;
  nonce?: string;
}

export interface RevocationPredicate {
  reason: string;
}

export interface TombstonePredicate {
  reason: string;
  /** What the erased object said (`saidIn`), so that it does not count again in another envelope. */
  statement?: Digest;
}

export interface PromotionPredicate {
  name: string;
  environment: string;
  decision: Digest;
}

/** A document of the inventory, as it stands from now on. */
export interface AssetPredicate {
  kind: string;
  name: string;
  /** null: taken out of the inventory. */
  document: object | null;
  principal: string;
  nonce: string;
}

/** Nobody may promote, deploy or call the artifact until this is revoked. */
export interface ContainmentPredicate {
  reason: string;
  /** What was found to be bad, such as a dataset's digest, when that is not the artifact itself. */
  cause?: Digest;
  principal: string;
  nonce: string;
}

/** Somebody saw the artifact run, or stop running, somewhere. */
export interface DeploymentPredicate {
  name: string;
  environment: string;
  region: string;
  state: "running" | "stopped";
  principal: string;
  nonce: string;
}

/** Schema and statistics of a dataset, read when it was ingested. */
export interface ProfilePredicate {
  rows: number;
  columns: { name: string; type: string; nulls: number }[];
}

/** One OpenLineage run event, as it came. */
export interface LineagePredicate {
  event: object;
  principal: string;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === "object" && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === "string" && value.length <= 4096;
const isTime = (value: unknown): boolean => Number.isSafeInteger(value);
const optional = (check: (value: unknown) => boolean) => (value: unknown) =>
  value === undefined || check(value);
const VERDICTS: readonly unknown[] = ["clean", "suspicious", "malicious", "incomplete"];
const isTags = (value: unknown): boolean => isObject(value) && Object.values(value).every(isText);

type Check = Record<string, (value: unknown) => boolean>;

// Each predicate as it must look to be read as a fact. Unknown extra fields are left alone: newer producers may say more.
const CHECKS: Partial<Record<Predicate, Check>> = {
  manifest: { manifest: isManifest, submitter: isText },
  scan: {
    scanner: isScanner,
    verdict: (value) => VERDICTS.includes(value),
    files: isScannedFiles,
    validUntil: isTime,
  },
  declaration: { licence: optional(isText), origin: optional(isText), tags: optional(isTags) },
  approval: { workspace: isText, action: isText, environment: isText, validUntil: optional(isTime) },
  asset: { kind: isText, name: isText, document: isDocument, principal: isText, nonce: isText },
  containment: { reason: isText, cause: optional(isText), principal: isText, nonce: isText },
  deployment: {
    name: isText,
    environment: isText,
    region: isText,
    state: (value) => value === "running" || value === "stopped",
    principal: isText,
    nonce: isText,
  },
  lineage: { event: isObject, principal: isText },
  profile: { rows: isTime, columns: isColumns },
  revocation: { reason: isText },
  tombstone: { reason: isText, statement: optional(isText) },
  promotion: { name: isText, environment: isText, decision: isText },
};

/** Returns undefined if the statement has the shape that its predicate type promises; else what is wrong. */
export function shapeError(statement: Statement): string | undefined {
  const name = predicateOf(statement.predicateType);
  const check = CHECKS[name];
  if (check === undefined) return undefined;
  const { predicate } = statement;
  if (!isObject(predicate)) return `the ${name} has no predicate`;
  const wrong = Object.keys(check).find((field) => !check[field]?.(predicate[field]));
  return wrong === undefined ? undefined : `the ${name}'s ${wrong} is missing or malformed`;
}

function isManifest(value: unknown): boolean {
  try {
    checkManifest(value);
    return true;
  } catch (error) {
    if (error instanceof CountersignError) return false;
    throw error;
  }
}

function isDocument(value: unknown): boolean {
  return value === null || isObject(value);
}

function isColumns(value: unknown): boolean {
  const isColumn = (column: unknown): boolean =>
    isObject(column) && isText(column.name) && isText(column.type) && isTime(column.nulls);
  return Array.isArray(value) && value.every(isColumn);
}

function isScanner(value: unknown): boolean {
  return isObject(value) && isText(value.name) && isText(value.rules);
}

// Messages may be longer than a name: they quote what a file would do.
const isProse = (value: unknown): boolean => typeof value === "string" && value.length <= 65_536;

function isFinding(value: unknown): boolean {
  return isObject(value) && isText(value.rule) && isText(value.severity) && isProse(value.message);
}

function isScannedFiles(value: unknown): boolean {
  if (!Array.isArray(value)) return false;
  return value.every(
    (file) =>
      isObject(file) &&
      isText(file.path) &&
      isText(file.sha256) &&
      isText(file.format) &&
      VERDICTS.includes(file.verdict) &&
      Array.isArray(file.findings) &&
      file.findings.every(isFinding),
  );
}
