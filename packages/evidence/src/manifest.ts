import { type Digest, isDigest, sha256 } from "./digest.js";
import { CountersignError } from "./errors.js";
import { canonicalJson, isRecord } from "./json.js";
import { byCodePoint } from "./order.js";

export interface ManifestFile {
  /** Relative to the artifact, with `/`. A single file is named by its basename. */
  name: string;
  digest: Digest;
  size: number;
}

/** The files of an artifact, sorted by code point. */
export interface Manifest {
  files: ManifestFile[];
}

/** The digest that names the artifact: SHA-256 over the manifest's canonical JSON. */
export function manifestDigest(manifest: Manifest): Digest {
  const files = manifest.files.map(({ digest, name, size }) => ({ digest, name, size }));
  return sha256(canonicalJson({ files }));
}

/** Returns `value` as a manifest, or throws `manifest-malformed`. Members that are not a manifest's are refused. */
export function checkManifest(value: unknown): Manifest {
  if (!isRecord(value) || !Array.isArray(value.files) || Object.keys(value).length !== 1) {
    throw malformed("it is not an object with files");
  }
  const files = value.files.map(checkFile);
  if (files.length === 0) throw malformed("it names no file");
  for (const [i, file] of files.entries()) {
    const before = files[i - 1];
    if (before && byCodePoint(before.name, file.name) >= 0)
      throw malformed(`${file.name} is out of order or twice`);
  }
  return { files };
}

function checkFile(value: unknown): ManifestFile {
  if (!isRecord(value) || Object.keys(value).length !== 3)
    throw malformed("a file has other members than it should");
  const { name, digest, size } = value;
  if (typeof name !== "string" || !isRelativeName(name))
    throw malformed("a file's name is not a relative path");
  if (typeof digest !== "string" || !isDigest(digest)) throw malformed(`${name} has no digest`);
  if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 0)
    throw malformed(`${name} has no size`);
  return { name, digest, size };
}

/** A path that cannot lead out of the directory it is relative to. */
export function isRelativeName(name: string): boolean {
  if (name.includes("\0")) return false;
  return name.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}

function malformed(reason: string): CountersignError {
  return new CountersignError("manifest-malformed", `the manifest is malformed: ${reason}`);
}
