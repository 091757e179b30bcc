import type { Digest, Statement } from "@countersign/evidence";
import { isDigest, sha256 } from "@countersign/evidence";

/** The closed set that a leaf may name; a leaf carries no free text. */
export const PREDICATES = [
  "approval",
  "asset",
  "containment",
  "decision",
  "declaration",
  "deployment",
  "lineage",
  "manifest",
  "other",
  "profile",
  "promotion",
  "provenance",
  "revocation",
  "scan",
  "signature",
  "tombstone",
  "trust-root",
] as const;
export type Predicate = (typeof PREDICATES)[number];

const own = (name: string): string => `https://countersign.dev/${name}/v1`;

/** in-toto predicate type of each predicate that we state or read. */
export const PREDICATE_TYPES: Record<Exclude<Predicate, "other">, string> = {
  approval: own("approval"),
  asset: own("asset"),
  containment: own("containment"),
  decision: "https://slsa.dev/verification_summary/v1",
  declaration: own("declaration"),
  deployment: own("deployment"),
  lineage: own("lineage"),
  manifest: own("manifest"),
  profile: own("profile"),
  promotion: own("promotion"),
  provenance: "https://slsa.dev/provenance/v1",
  revocation: own("revocation"),
  scan: own("scan"),
  signature: "https://model_signing/signature/v1.0",
  tombstone: own("tombstone"),
  "trust-root": own("trust-root"),
};

const BY_TYPE = new Map(Object.entries(PREDICATE_TYPES).map(([name, type]) => [type, name as Predicate]));

export const predicateOf = (type: string): Predicate => BY_TYPE.get(type) ?? "other";

export type Outcome = "negative" | "neutral" | "positive";

/** Whether a scan says `clean` of the whole and of every file; its summary alone proves nothing. */
export function isCleanScan(predicate: unknown): boolean {
  const { verdict, files } = (predicate ?? {}) as { verdict?: unknown; files?: unknown };
  const clean = (file: unknown): boolean => (file as { verdict?: unknown } | null)?.verdict === "clean";
  return verdict === "clean" && Array.isArray(files) && files.every(clean);
}

/**
 * What a statement means for a gate, fixed when it is logged: once the object is erased, the leaf must still
 * say that something bad was known.
 */
export function outcomeOf(statement: Statement): Outcome {
  const predicate = predicateOf(statement.predicateType);
  if (predicate === "scan") return isCleanScan(statement.predicate) ? "positive" : "negative";
  if (predicate === "approval" || predicate === "signature") return "positive";
  return predicate === "revocation" || predicate === "containment" ? "negative" : "neutral";
}

/** The key under which an asset's versions are chained: names are hashed so that leaves stay free of text. */
export const assetKey = (workspace: string, name: string): Digest =>
  sha256(new TextEncoder().encode(`asset\0${workspace}\0${name}`));

/** Kinds of assets in the inventory. */
export const ASSET_KINDS = [
  "Code",
  "Dataset",
  "Endpoint",
  "Hardware",
  "Image",
  "Model",
  "Prompt",
  "Run",
  "Service",
  "System",
  "Vendor",
] as const;
export type AssetKind = (typeof ASSET_KINDS)[number];

/** What an asset is called in a statement. A colon cannot be in a name, so no model is taken for another kind. */
export const assetName = (kind: AssetKind, name: string): string =>
  kind === "Model" ? name : `${kind}:${name}`;

/** The kind and the name that `assetName` put together. */
export function parseAssetName(text: string): { kind: AssetKind; name: string } {
  const at = text.indexOf(":");
  const kind = ASSET_KINDS.find((known) => known === text.slice(0, at));
  return kind === undefined ? { kind: "Model", name: text } : { kind, name: text.slice(at + 1) };
}

/**
 * The subjects that the leaf of `statement` must carry, in order. A manifest also enters the chain of its asset's
 * name. An OMS statement names its model by another digest, so its leaf is given the artifact's.
 */
export function subjectsOf(statement: Statement, workspace: string): Digest[] {
  const digests = statement.subject.map(({ digest }) => `sha256:${digest.sha256}`).filter(isDigest);
  const names = predicateOf(statement.predicateType) === "manifest" ? statement.subject : [];
  const keys = names.flatMap(({ name }) => (name === undefined ? [] : [assetKey(workspace, name)]));
  return [...new Set([...digests, ...keys])];
}
