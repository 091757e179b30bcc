import { createHash } from "node:crypto";
import { CountersignError } from "../errors.js";
import { isRecord } from "../json.js";
import { isRelativeName, type Manifest } from "../manifest.js";
import { byCodePoint } from "../order.js";
import { checkStatement, makeStatement, type Statement } from "../statement.js";
import { EXCLUDED } from "../walk.js";

export const OMS_PREDICATE_TYPE = "https://model_signing/signature/v1.0";

/** The algorithms of the OMS registry that are supported here, and what node:crypto calls them. */
export const OMS_HASHES = { sha256: "sha256", blake2b: "blake2b512" } as const;
export type OmsHash = keyof typeof OMS_HASHES;

export interface OmsResource {
  name: string;
  digest: string;
  algorithm: string;
}

export interface OmsSerialization {
  method: "files" | "shards";
  hash_type: OmsHash;
  allow_symlinks: boolean;
  shard_size?: number;
  ignore_paths?: string[];
}

export interface OmsPredicate {
  resources: OmsResource[];
  serialization: OmsSerialization;
}

/** OMS v1.0 §6.5.1: SHA-256 over the raw digests in order, whatever algorithm made them. */
function rootDigest(resources: readonly OmsResource[]): string {
  const hash = createHash("sha256");
  for (const { digest } of resources) hash.update(digest, "hex");
  return hash.digest("hex");
}

/** What a model's files say, as OMS v1.0 §6.6 wants it signed. */
export function makeOmsStatement(
  name: string,
  resources: OmsResource[],
  serialization: OmsSerialization,
): Statement<OmsPredicate> {
  const subject = [{ name, digest: { sha256: rootDigest(resources) } }];
  return makeStatement(subject, OMS_PREDICATE_TYPE, { resources, serialization });
}

/** The OMS statement for files that a manifest names already: signing then reads no file twice. */
export function omsStatementOf(
  manifest: Manifest,
  name: string,
  options: { ignorePaths?: readonly string[]; allowSymlinks?: boolean } = {},
): Statement<OmsPredicate> {
  const resources = manifest.files.map((file) => ({
    name: file.name,
    digest: file.digest.slice("sha256:".length),
    algorithm: "sha256",
  }));
  return makeOmsStatement(name, resources, {
    method: "files",
    hash_type: "sha256",
    allow_symlinks: options.allowSymlinks ?? false,
    ignore_paths: recordedIgnores(options.ignorePaths ?? []),
  });
}

/** The ignore list to record: the defaults and the user's own, which OMS §6.2.1 wants exact, relative and plain. */
export function recordedIgnores(paths: readonly string[]): string[] {
  for (const path of paths) {
    if (!isRelativeName(path) || /[*?[]/.test(path)) {
      throw new CountersignError(
        "usage",
        `${path} cannot be ignored: give an exact path relative to the model`,
      );
    }
  }
  return [...new Set([...EXCLUDED, ...paths])].sort(byCodePoint);
}

/** Whether a signed OMS statement (whole files by SHA-256) lists exactly the files of a manifest. */
export function omsStatementMatches(statement: Statement, manifest: Manifest): boolean {
  try {
    const { resources, serialization } = checkOmsStatement(statement).predicate;
    if (serialization.method !== "files" || serialization.hash_type !== "sha256") return false;
    const signed = new Map(resources.map(({ name, digest }) => [name, digest]));
    const same = manifest.files.every(({ name, digest }) => `sha256:${signed.get(name)}` === digest);
    return same && signed.size === manifest.files.length;
  } catch {
    return false;
  }
}

/** Checks a statement against OMS v1.0 §5, §6.5 and §8.3; throws `statement-malformed` or `predicate-unexpected`. */
export function checkOmsStatement(value: unknown): Statement<OmsPredicate> {
  const { subject, predicateType, predicate, _type } = checkStatement(value);
  if (predicateType !== OMS_PREDICATE_TYPE) {
    throw new CountersignError(
      "predicate-unexpected",
      `the statement is not a model signature but ${predicateType}`,
    );
  }
  if (!isRecord(predicate)) throw malformed("it has no predicate");
  const serialization = checkSerialization(predicate.serialization);
  const resources = checkResources(predicate.resources, serialization.hash_type);
  const [model, ...others] = subject;
  if (!model?.name || others.length > 0) throw malformed("it has not exactly one named subject");
  if (model.digest.sha256 !== rootDigest(resources))
    throw malformed("its root digest is not that of its resources");
  return { _type, subject, predicateType, predicate: { resources, serialization } };
}

function checkSerialization(value: unknown): OmsSerialization {
  if (!isRecord(value)) throw malformed("it has no serialization");
  const { method, hash_type, allow_symlinks, shard_size, ignore_paths } = value;
  if (method !== "files" && method !== "shards") throw malformed("its serialization method is unknown");
  if (typeof hash_type !== "string" || !Object.hasOwn(OMS_HASHES, hash_type)) {
    throw new CountersignError(
      "bundle-unsupported",
      `files hashed with ${String(hash_type)} are not supported here`,
    );
  }
  if (typeof allow_symlinks !== "boolean") throw malformed("allow_symlinks is missing");
  const sized = typeof shard_size === "number" && Number.isSafeInteger(shard_size) && shard_size > 0;
  if (method === "shards" ? !sized : shard_size !== undefined)
    throw malformed("shard_size does not fit the method");
  return {
    method,
    hash_type: hash_type as OmsHash,
    allow_symlinks,
    ...(sized ? { shard_size } : {}),
    ...(ignore_paths === undefined ? {} : { ignore_paths: checkIgnores(ignore_paths) }),
  };
}

// A recorded path that no file can have, as some signers wrote, matches nothing and does no harm.
function checkIgnores(value: unknown): string[] {
  if (!Array.isArray(value) || !value.every((path) => typeof path === "string")) {
    throw malformed("ignore_paths is not a list of paths");
  }
  return value;
}

const DIGEST_LENGTH: Readonly<Record<OmsHash, number>> = { sha256: 64, blake2b: 128 };

function checkResources(value: unknown, hash: OmsHash): OmsResource[] {
  if (!Array.isArray(value) || value.length === 0) throw malformed("it lists no file");
  const resources = value.map((item) => checkResource(item, hash));
  // The order is the signer's: the reference implementation sorts by path segment, not by code point as §5.2.1 says.
  const names = new Set(resources.map(({ name }) => name));
  if (names.size !== resources.length) throw malformed("it lists a file twice");
  return resources;
}

function checkResource(value: unknown, hash: OmsHash): OmsResource {
  if (!isRecord(value)) throw malformed("a resource is not an object");
  const { name, digest, algorithm } = value;
  // "." stands for a single file in bundles of v0.3.1 to v1.0.0.
  if (typeof name !== "string" || !(name === "." || isRelativeName(name))) {
    throw malformed("a resource's name is not a relative path");
  }
  if (algorithm !== hash)
    throw malformed(`${name} is hashed with another algorithm than the serialization says`);
  if (typeof digest !== "string" || !/^[0-9a-f]+$/.test(digest) || digest.length !== DIGEST_LENGTH[hash]) {
    throw malformed(`${name} has no digest`);
  }
  return { name, digest, algorithm: hash };
}

function malformed(reason: string): CountersignError {
  return new CountersignError("statement-malformed", `the model signature is malformed: ${reason}`);
}
