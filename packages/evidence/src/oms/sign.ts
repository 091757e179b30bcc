import { relative, resolve, sep } from "node:path";
import { buildManifest, hashRanges, type ReadOptions } from "../build.js";
import { type Digest, sha256 } from "../digest.js";
import { PAYLOAD_TYPE, pae } from "../dsse.js";
import { CountersignError } from "../errors.js";
import { canonicalJson } from "../json.js";
import { describeKey } from "../keys.js";
import type { Manifest } from "../manifest.js";
import type { Signer } from "../signer.js";
import type { Statement } from "../statement.js";
import { walk } from "../walk.js";
import { writeOmsBundle } from "./bundle.js";
import { serialize } from "./compare.js";
import {
  makeOmsStatement,
  OMS_HASHES,
  type OmsHash,
  type OmsPredicate,
  omsStatementOf,
  recordedIgnores,
} from "./statement.js";

export interface SigningCertificates {
  /** PEM: the signing certificate, then those that lead towards the root. */
  certificates: string;
  /** The moment of signing, in milliseconds: a certificate that is not valid then is refused. */
  at: number;
}

export interface SignModelOptions extends ReadOptions {
  signer: Signer;
  /** Sign with the `certificate` method; without, with `key`. */
  certificate?: SigningCertificates;
  /** Exact paths relative to the model, no patterns. */
  ignore?: readonly string[];
  allowSymlinks?: boolean;
  /** Where the bundle will be written: left out of the model where it lies inside. */
  bundlePath?: string;
  hash?: OmsHash;
  /** Sign byte ranges of this size instead of whole files: huge files are then hashed on all cores. */
  shardSize?: number;
}

export interface SignedModel {
  bundle: Uint8Array;
  /** The SHA-256 of the bundle's bytes. */
  digest: Digest;
  statement: Statement<OmsPredicate>;
  /** The artifact's manifest, where whole files were hashed with SHA-256. */
  manifest?: Manifest;
  warnings: string[];
}

export const DEFAULT_SHARD_SIZE = 1_000_000_000;

/** Signs a model's files with OpenSSF Model Signing v1.0. Writing the bundle is the caller's. */
export async function signModel(path: string, options: SignModelOptions): Promise<SignedModel> {
  const ignore = [...(options.ignore ?? []), ...insideModel(path, options.bundlePath)];
  const described = await describeModel(path, { ...options, ignore });
  const bundle = await signOmsStatement(described.statement, options.signer, options.certificate);
  return { bundle, digest: sha256(bundle), ...described };
}

/** The bundle's path relative to the model, where it lies inside. */
export function insideModel(path: string, bundlePath: string | undefined): string[] {
  if (bundlePath === undefined) return [];
  const way = relative(resolve(path), resolve(bundlePath));
  return way === "" || way.startsWith("..") ? [] : [way.split(sep).join("/")];
}

type Described = Pick<SignedModel, "statement" | "manifest" | "warnings">;

async function describeModel(path: string, options: SignModelOptions): Promise<Described> {
  const { ignore = [], allowSymlinks = false, hash = "sha256", shardSize } = options;
  const ignorePaths = recordedIgnores(ignore);
  if (hash === "sha256" && shardSize === undefined) {
    const { manifest, name, warnings } = await buildManifest(path, options);
    return { statement: omsStatementOf(manifest, name, { ignorePaths, allowSymlinks }), manifest, warnings };
  }
  if (shardSize !== undefined && !(Number.isSafeInteger(shardSize) && shardSize > 0)) {
    throw new CountersignError("usage", "the shard size is a positive number of bytes");
  }
  const found = await walk(path, options);
  const serialization = {
    method: shardSize === undefined ? ("files" as const) : ("shards" as const),
    hash_type: hash,
    allow_symlinks: allowSymlinks,
    ...(shardSize === undefined ? {} : { shard_size: shardSize }),
    ignore_paths: ignorePaths,
  };
  const ranges = serialize(found.files, serialization);
  if (ranges.length === 0)
    throw new CountersignError("manifest-empty", `${path} holds no byte to sign in shards`);
  const digests = await hashRanges(ranges, OMS_HASHES[hash], options);
  const resources = ranges.map(({ name }, i) => ({ name, digest: digests[i] ?? "", algorithm: hash }));
  return { statement: makeOmsStatement(found.name, resources, serialization), warnings: found.warnings };
}

/** Signs an OMS statement and wraps it as a bundle, with the `key` or the `certificate` method. */
export async function signOmsStatement(
  statement: Statement<OmsPredicate>,
  signer: Signer,
  certificate?: SigningCertificates,
): Promise<Uint8Array> {
  if (signer.publicKey.algorithm === "ed25519") {
    throw new CountersignError("key-unsupported", "model signatures are made with ECDSA keys, not Ed25519");
  }
  const chain = certificate ? await usableChain(signer, certificate) : undefined;
  const payload = canonicalJson(statement);
  const signature = await signer.sign(pae(PAYLOAD_TYPE, payload), statement.predicateType);
  return writeOmsBundle(payload, signature, chain ? { chain } : { hint: keyHint(signer.publicKey.pem) });
}

/** OMS v1.0 §4.1: the hint is the SHA-256 of the public key's PEM text. */
export function keyHint(pem: string): string {
  return sha256(Buffer.from(pem)).slice("sha256:".length);
}

async function usableChain(signer: Signer, { certificates, at }: SigningCertificates): Promise<Uint8Array[]> {
  const { isValidAt, parseCertificates } = await import("../certificates.js");
  const chain = parseCertificates(certificates);
  const [leaf] = chain;
  if (!leaf || describeKey(leaf.publicKey).keyId !== signer.publicKey.keyId) {
    throw new CountersignError(
      "key-malformed",
      "the signing certificate is for another key than the private key",
    );
  }
  const stale = chain.find((certificate) => !isValidAt(certificate, at));
  if (stale) {
    throw new CountersignError("certificate-expired", `${stale.subject} is outside its validity period`);
  }
  const unique = chain.filter((one, i) => chain.findIndex((other) => other.raw.equals(one.raw)) === i);
  return unique.map(({ raw }) => raw);
}
