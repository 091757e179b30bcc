import { randomUUID } from "node:crypto";
import type { Digest, Manifest, Signer, Statement } from "@countersign/evidence";
import {
  buildManifest,
  CountersignError,
  makeStatement,
  omsStatementOf,
  signOmsStatement,
} from "@countersign/evidence";
import type { AssetKind, ManifestPredicate, ScanPredicate } from "@countersign/facts";
import { assetName, PREDICATE_TYPES } from "@countersign/facts";
import { type Document, tagStatements } from "@countersign/inventory";
import type { KnownBad, ScanReport } from "@countersign/scanner";
import { scanPath } from "@countersign/scanner";
import { type AssetState, assetState, declarationFor } from "./assets.js";
import type { Gatekeeper } from "./gatekeeper.js";
import { licenceWarnings } from "./licence.js";
import type { Item, Record } from "./record.js";
import type { AdmitInput, AdmitResult } from "./types.js";

export interface AdmitHooks {
  onProgress?(step: "hash" | "scan" | "record", done: number, total: number): void;
  signal?: AbortSignal;
}

interface AdmitParts {
  record: Record;
  gatekeeper: Gatekeeper;
  service: Signer;
  /** Digests that are bad whatever a scan finds. */
  knownBad: () => Promise<KnownBad | undefined>;
}

const SCAN_VALID_MS = 90 * 24 * 60 * 60 * 1000;
const NAME = /^[\p{L}\p{N}][\p{L}\p{N}._@/+-]{0,127}$/u;

export const subjectOf = (
  artifact: Digest,
  name?: string,
): { name?: string; digest: { sha256: string } } => ({
  ...(name === undefined || name === "" ? {} : { name }),
  digest: { sha256: artifact.slice(7) },
});

/** Names the bytes, reads every file, signs, puts all of it on the record, and asks the ingest gate. */
export async function admit(
  parts: AdmitParts,
  input: AdmitInput,
  { onProgress, signal }: AdmitHooks = {},
): Promise<AdmitResult> {
  const { record, gatekeeper, service } = parts;
  checkName(input.name);
  const abort = signal === undefined ? {} : { signal };
  const built = await buildManifest(input.path, {
    ...abort,
    onProgress: ({ bytesDone, bytes }) => onProgress?.("hash", bytesDone, bytes),
  });
  const { manifest, digest: artifact } = built;
  const knownBad = await parts.knownBad();
  const scan = await scanPath(input.path, {
    ...abort,
    ...(knownBad === undefined ? {} : { knownBad }),
    onProgress: ({ done, files }) => onProgress?.("scan", done, files),
  });
  checkSameBytes(manifest, scan);
  onProgress?.("record", 0, 1);
  const asset = { kind: input.kind ?? "Model", name: input.name };
  const before = await assetState(parts, asset.kind, asset.name);
  const declared = { ...input, ...(before?.document ? withTags(input, before.document) : {}) };
  const statements = statementsOf(artifact, manifest, scan, declared, record.now());
  const items: Item[] = [];
  for (const statement of statements) items.push(await record.sign(statement, service));
  const signed = input.author !== undefined && scan.verdict !== "malicious";
  if (signed && input.author !== undefined) {
    const bundle = await signOmsStatement(omsStatementOf(manifest, built.name), input.author);
    items.push(signatureItem(bundle, artifact, input.author.publicKey.keyId));
  }
  await record.write(items);
  await declareNewest(parts, artifact, asset, before);
  const decision = await gatekeeper.decide({
    gate: "ingest",
    environment: "dev",
    subject: artifact,
    principal: input.submitter,
  });
  onProgress?.("record", 1, 1);
  const warnings = licenceWarnings(declared.licence, scan);
  return {
    name: input.name,
    artifact,
    manifest,
    scan,
    ...(warnings.length === 0 ? {} : { warnings }),
    signed,
    decision: { ...decision, name: input.name },
  };
}

/** What the inventory says of the asset goes before what came with the bytes. */
function withTags({ tags }: AdmitInput, document: Document): Partial<AdmitInput> {
  const said = tagStatements(document);
  return { ...said, tags: { ...tags, ...said.tags } };
}

/**
 * A document that came into force while the bytes were read did not see them, as their manifest was not on record. It is now,
 * so of the two, document and manifest, whichever came second has seen the other.
 */
async function declareNewest(
  parts: AdmitParts,
  artifact: Digest,
  asset: { kind: AssetKind; name: string },
  before: AssetState | undefined,
): Promise<void> {
  const now = await assetState(parts, asset.kind, asset.name);
  if (!now?.document || now.index === before?.index) return;
  const statement = await declarationFor(parts, artifact, asset, now.document, before?.document);
  if (statement !== undefined) await parts.record.state(statement, parts.service);
}

/** An OMS bundle enters the chain of the artifact whose files it signs. */
export const signatureItem = (bundle: Uint8Array, artifact: Digest, signer: Digest): Item => ({
  bytes: bundle,
  predicate: "signature",
  outcome: "positive",
  signer,
  subjects: [artifact],
});

function statementsOf(
  artifact: Digest,
  manifest: Manifest,
  scan: ScanReport,
  { name, kind = "Model", licence, origin, tags, submitter }: AdmitInput,
  now: number,
): Statement[] {
  const subject = [subjectOf(artifact, assetName(kind, name))];
  const nonce = randomUUID();
  const manifestPredicate: ManifestPredicate = { manifest, submitter, nonce };
  const statements: Statement[] = [
    makeStatement(subject, PREDICATE_TYPES.manifest, manifestPredicate),
    makeStatement(subject, PREDICATE_TYPES.scan, scanPredicate(scan, now)),
  ];
  const declared = {
    ...(licence === undefined ? {} : { licence }),
    ...(origin === undefined ? {} : { origin }),
    ...(tags === undefined ? {} : { tags }),
  };
  if (Object.keys(declared).length > 0) {
    statements.push(makeStatement(subject, PREDICATE_TYPES.declaration, { ...declared, nonce }));
  }
  return statements;
}

function scanPredicate({ scanner, verdict, files }: ScanReport, now: number): ScanPredicate {
  return {
    scanner,
    verdict,
    files: files.map(({ path, sha256, format, verdict: of, findings }) => ({
      path,
      sha256,
      format,
      verdict: of,
      findings,
    })),
    validUntil: now + SCAN_VALID_MS,
  };
}

// The manifest and the scan read the files one after the other: what changed in between was never scanned.
function checkSameBytes(manifest: Manifest, scan: ScanReport): void {
  const scanned = new Map(scan.files.map(({ path, sha256 }) => [path, sha256]));
  for (const { name, digest } of manifest.files) {
    const seen = scanned.get(name);
    if (seen !== undefined && `sha256:${seen}` !== digest) {
      throw new CountersignError(
        "file-changed",
        `${name} changed while it was admitted. Admit it again once it is still.`,
      );
    }
  }
}

function checkName(name: string): void {
  if (!NAME.test(name)) {
    throw new CountersignError(
      "bad-request",
      `${JSON.stringify(name)} cannot name an asset: use letters, digits and . _ @ / + - (at most 128), not starting with a sign.`,
    );
  }
}
